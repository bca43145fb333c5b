// The chunked coding (RFC 9112 §7.1), decoded strictly: what one recipient may take for a size or
// for the end of a line, another may not, so only the one canonical reading is accepted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/fields.h"
#include "http/head_lint.h"
#include "http/head_scanner.h"
#include "http/limits.h"

namespace http {

// A part of the input that was dealt with.
struct BodyStep {
  size_t consumed = 0;       // octets of the input
  std::string_view content;  // those of them that are content; may be empty
};

// Takes chunk-size 1*HEXDIG up to 2^63-1, white space before ';' alone, CRLF exactly, extensions of
// any text without controls (they are dropped), trailers linted like fields of a head.
class ChunkDecoder {
 public:
  ChunkDecoder(MessageKind kind, const Limits& limits);

  // As BodyDecoder::decode.
  base::Result<BodyStep> decode(std::string_view input);
  bool done() const { return state_ == State::kDone; }
  const Fields& trailers() const { return trailers_; }

 private:
  enum class State : std::uint8_t {
    kSizeStart,  // before the first digit
    kSize,
    kSizeSpace,  // white space between size and ';'
    kExtension,
    kSizeLf,
    kData,
    kDataCr,
    kDataLf,
    kTrailers,
    kDone,
    kDead,
  };
  // Judges one octet outside data and trailers.
  base::Result<void> step(char octet);
  base::Result<void> add_digit(char octet);
  base::Result<void> count_line_octet();
  base::Result<size_t> read_trailers(std::string_view input);
  void keep_trailer();
  base::Failure refuse(base::ErrorCode code, std::string_view what) const;

  Limits limits_;
  MessageKind kind_;
  State state_ = State::kSizeStart;
  HeadLint trailer_lint_;
  std::uint64_t remaining_ = 0;  // of the size being read, then of the chunk's data
  std::uint64_t extension_bytes_ = 0;
  std::uint64_t trailer_bytes_ = 0;
  std::uint32_t line_bytes_ = 0;
  std::uint32_t trailer_lines_ = 0;
  std::string line_;  // the trailer line being read
  Fields trailers_;
};

// Whether a trailer of that name could change how the message is framed, routed, authorised or
// understood, so that it is dropped whoever asks (RFC 9110 §6.5.1).
bool is_forbidden_trailer(std::string_view name);

}  // namespace http
