// Finds the ClientHello in the first octets that a client sends, however they are cut into TLS
// records and TCP segments.
//
//   kNeedsMore ──first octets are no handshake record──> kNotTls
//       └──────message complete and well-formed────────> kComplete
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "tls/client_hello.h"

namespace tls {

class ClientHelloReader {
 public:
  // Record headers included. Hellos have 200 to 2000 octets; nothing here depends on their size,
  // but somebody has to hold what has come so far.
  static constexpr size_t kMaxOctets = 64 * 1024;

  enum class State {
    kNeedsMore,
    // The client does not start a TLS handshake: plain HTTP, SSH, an SSL 2.0 hello, anything. Said
    // at the first octet that shows it, the third at the latest.
    kNotTls,
    kComplete,
  };

  // Takes the octets that follow those it was given before, and ignores all after the ClientHello.
  // It copies what it needs. The cost is linear in the octets, one at a time as well. Fails
  // (client) with kTlsHandshake on records and messages that TLS does not allow there, on more than
  // kMaxOctets, and as parse_client_hello; then it is of no further use.
  base::Result<State> feed(std::string_view octets);

  // Once feed has said kComplete.
  const ClientHello& hello() const { return hello_; }

 private:
  base::Result<void> take_header(char octet);
  base::Result<void> take_payload(std::string_view& octets);

  State state_ = State::kNeedsMore;
  size_t header_size_ = 0;   // octets of the current record's header seen
  size_t payload_left_ = 0;  // octets of the current record to come
  size_t total_ = 0;
  std::string message_;  // the handshake message so far: type, length and body
  ClientHello hello_;
};

}  // namespace tls
