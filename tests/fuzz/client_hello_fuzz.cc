// The first octets of a client: however they are cut, the same answer after the same octet, and a
// name that means the same wherever it is read again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tls/client_hello_reader.h"
#include "tls/peer_name.h"

namespace {

using tls::ClientHelloReader;
using State = ClientHelloReader::State;

std::string answer_of(const base::Result<State>& state, const ClientHelloReader& reader) {
  if (!state) return "error: " + state.error().detail;
  if (*state != State::kComplete) return *state == State::kNotTls ? "not TLS" : "more";
  const tls::ClientHello& hello = reader.hello();
  std::string text = hello.server_name + '|' + std::to_string(hello.version);
  for (const std::string& protocol : hello.alpn) text += '|' + protocol;
  return text + (hello.has_ech ? "|ech" : "");
}

// Pieces of `first` octets, then of `then`.
std::string answer(std::string_view octets, size_t first, size_t then) {
  ClientHelloReader reader;
  base::Result<State> state = State::kNeedsMore;
  for (size_t size = first; !octets.empty() && state && *state == State::kNeedsMore; size = then) {
    const std::string_view piece = octets.substr(0, size);
    state = reader.feed(piece);
    octets.remove_prefix(piece.size());
  }
  if (state && *state == State::kComplete && !reader.hello().server_name.empty()) {
    const auto again = tls::PeerName::parse(reader.hello().server_name);
    if (!again || again->dns != reader.hello().server_name) std::abort();
  }
  return answer_of(state, reader);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  const std::string whole = answer(octets, size, size);
  const size_t first = size == 0 ? 1 : 1 + data[size - 1] % size;
  if (answer(octets, 1, 1) != whole || answer(octets, first, 7) != whole) std::abort();
  return 0;
}
