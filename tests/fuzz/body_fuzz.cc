// Bodies: every split decodes alike, and what is accepted as chunked survives being written anew.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/body.h"

namespace {

struct Decoded {
  std::string content;
  size_t consumed = 0;
  bool failed = false;
  bool done = false;
  friend bool operator==(const Decoded&, const Decoded&) = default;
};

Decoded decode(http::BodyKind kind, std::string_view input, size_t step) {
  http::BodyDecoder decoder({kind, 100}, http::MessageKind::kResponse, http::Limits{});
  Decoded out;
  while (out.consumed < input.size() && !decoder.done()) {
    const auto got = decoder.decode(input.substr(out.consumed, step));
    out.failed = !got;
    if (out.failed) return out.consumed = 0, out;
    if (got->consumed == 0) std::abort();
    out.content += got->content;
    out.consumed += got->consumed;
  }
  out.done = decoder.done();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto kind = (data[0] & 1) != 0 ? http::BodyKind::kLength : http::BodyKind::kChunked;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Decoded whole = decode(kind, input, input.size());
  if (whole != decode(kind, input, data[0] / 2 + 1U)) std::abort();
  if (!whole.done || kind != http::BodyKind::kChunked) return 0;
  std::string anew;
  if (!whole.content.empty()) {
    anew = http::chunk_prefix(whole.content.size()) + whole.content;
    anew += http::kChunkSuffix;
  }
  anew += http::kLastChunk;
  if (decode(kind, anew, anew.size()).content != whole.content) std::abort();
  return 0;
}
