// Taking bodies apart and putting them together again. Framing octets are never relayed: chunk
// sizes are written anew, extensions dropped (RFC 9112 §7.1.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/chunks.h"
#include "http/fields.h"
#include "http/framing.h"
#include "http/head_scanner.h"
#include "http/limits.h"

namespace http {

// Sans-IO: fed whatever has arrived, it returns content without copying it.
class BodyDecoder {
 public:
  BodyDecoder(BodyLength length, MessageKind kind, const Limits& limits);

  using Step = BodyStep;
  // Consumes a prefix of `input`: at most one run of content per call, at least one octet unless
  // done. Consumes nothing once done. Fails with kBadRequest or kHeadTooLarge (party client), for a
  // response kBadResponse (party origin) on broken or oversized framing; the decoder is then dead.
  base::Result<Step> decode(std::string_view input);

  // The whole body was seen. kUntilClose bodies are done only after `end()`.
  bool done() const { return state_ == State::kDone; }
  // The peer closed its side. Fails with kClientClosed or kOriginTruncated when the body was
  // incomplete.
  base::Result<void> end();
  // Trailer fields received (chunked only), without those that RFC 9110 §6.5.1 forbids; complete
  // once done().
  const Fields& trailers() const;

 private:
  enum class State : std::uint8_t { kReading, kDone };
  MessageKind kind_;
  State state_;
  BodyLength length_;  // of kLength: what remains
  std::optional<ChunkDecoder> chunks_;
};

// The octets before `size` octets of content in a chunked body ("1f\r\n"); "\r\n" goes behind.
std::string chunk_prefix(std::uint64_t size);
inline constexpr std::string_view kChunkSuffix = "\r\n";
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace http
