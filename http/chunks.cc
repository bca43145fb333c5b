#include "http/chunks.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/ascii.h"
#include "http/octets.h"

namespace http {
namespace {

using base::ErrorCode;

constexpr std::uint64_t kMaxChunk = std::numeric_limits<std::int64_t>::max();

constexpr std::array<std::string_view, 24> kForbiddenTrailers = {"Authorization",
                                                                 "Cache-Control",
                                                                 "Connection",
                                                                 "Content-Encoding",
                                                                 "Content-Length",
                                                                 "Content-Range",
                                                                 "Content-Type",
                                                                 "Cookie",
                                                                 "Expect",
                                                                 "Forwarded",
                                                                 "Host",
                                                                 "Keep-Alive",
                                                                 "Location",
                                                                 "Max-Forwards",
                                                                 "Range",
                                                                 "Set-Cookie",
                                                                 "TE",
                                                                 "Trailer",
                                                                 "Transfer-Encoding",
                                                                 "Upgrade",
                                                                 "Vary",
                                                                 "Via",
                                                                 "WWW-Authenticate",
                                                                 "Age"};

unsigned hex_value(char digit) {
  if (base::is_digit(digit)) return static_cast<unsigned>(digit - '0');
  return static_cast<unsigned>(base::to_lower(digit) - 'a') + 10;
}

bool is_bws(char octet) { return octet == ' ' || octet == '\t'; }

}  // namespace

bool is_forbidden_trailer(std::string_view name) {
  return base::iequals(name.substr(0, std::min<size_t>(name.size(), 6)), "Proxy-") ||
         std::any_of(kForbiddenTrailers.begin(), kForbiddenTrailers.end(),
                     [name](std::string_view one) { return base::iequals(one, name); });
}

ChunkDecoder::ChunkDecoder(MessageKind kind, const Limits& limits)
    : limits_(limits),
      kind_(kind),
      trailer_lint_(kind == MessageKind::kRequest ? HeadLint::Section::kTrailers
                                                  : HeadLint::Section::kResponseTrailers) {}

base::Failure ChunkDecoder::refuse(ErrorCode code, std::string_view what) const {
  const bool request = kind_ == MessageKind::kRequest;
  return base::fail(request ? code : ErrorCode::kBadResponse,
                    request ? base::Party::kClient : base::Party::kOrigin,
                    std::string(request ? "the request's" : "the response's") +
                        " chunked body has " + std::string(what) +
                        " (RFC 9112 §7.1); its sender must be corrected");
}

base::Result<void> ChunkDecoder::add_digit(char octet) {
  if (remaining_ > (kMaxChunk >> 4)) {
    return refuse(ErrorCode::kBadRequest, "a chunk size beyond 2^63-1");
  }
  remaining_ = remaining_ * 16 + hex_value(octet);
  state_ = State::kSize;
  return {};
}

// Size and extension share one line, and both are bounded: chunks of one octet with long extensions
// cost much and carry nothing.
base::Result<void> ChunkDecoder::count_line_octet() {
  if (++line_bytes_ > limits_.chunk_line_bytes) {
    return refuse(ErrorCode::kBadRequest, "a size line longer than the limit");
  }
  if (state_ == State::kExtension && ++extension_bytes_ > limits_.chunk_extension_bytes) {
    return refuse(ErrorCode::kBadRequest, "more extension octets than the limit");
  }
  return {};
}

base::Result<void> ChunkDecoder::step(char octet) {
  const auto bad = [this](std::string_view what) { return refuse(ErrorCode::kBadRequest, what); };
  switch (state_) {
    case State::kSizeStart:
      if (!base::is_hex(octet)) return bad("something else than a chunk size");
      remaining_ = 0;
      line_bytes_ = 1;
      return add_digit(octet);
    case State::kSize:
    case State::kSizeSpace:
    case State::kExtension:
      if (octet == '\r' && state_ != State::kSizeSpace) {
        state_ = State::kSizeLf;
        return {};
      }
      if (auto fits = count_line_octet(); !fits) return fits;
      if (state_ == State::kExtension) {
        if (!is_octet(octet, kTextOctet)) return bad("a control character in an extension");
      } else if (octet == ';') {
        state_ = State::kExtension;
      } else if (is_bws(octet)) {
        state_ = State::kSizeSpace;
      } else if (state_ == State::kSize && base::is_hex(octet)) {
        return add_digit(octet);
      } else {
        return bad("an octet that no chunk size may have");
      }
      return {};
    case State::kSizeLf:
      if (octet != '\n') return bad("a CR that no LF follows");
      state_ = remaining_ == 0 ? State::kTrailers : State::kData;
      return {};
    case State::kDataCr:
      if (octet != '\r') return bad("data that goes on behind the chunk's size");
      state_ = State::kDataLf;
      return {};
    case State::kDataLf:
      if (octet != '\n') return bad("a CR that no LF follows");
      state_ = State::kSizeStart;
      return {};
    case State::kDead: return bad("been refused before");
    case State::kData:
    case State::kTrailers:
    case State::kDone: break;
  }
  return {};
}

void ChunkDecoder::keep_trailer() {
  const std::string_view line = line_;
  const size_t colon = line.find(':');
  const std::string_view name = base::trim_ows(line.substr(0, colon));  // RFC 9112 §5.1
  if (!is_forbidden_trailer(name)) {
    trailers_.add(name, line.substr(colon + 1, line.size() - colon - 3));  // without CRLF
  }
  line_.clear();
}

// Consumes up to the end of one line.
base::Result<size_t> ChunkDecoder::read_trailers(std::string_view input) {
  const auto too_large = [this](std::string_view what) {
    return refuse(ErrorCode::kHeadTooLarge, what);
  };
  // Never past a limit, so that limits and faults are found in the same order however the input is
  // split. The line's CRLF is not counted.
  const std::uint64_t room =
      std::min(limits_.field_bytes + 2 - line_.size(), limits_.head_bytes - trailer_bytes_);
  if (room == 0) return too_large("trailers larger than the limit of a head");
  const HeadLint::Step step = trailer_lint_.advance(
      input.substr(0, static_cast<size_t>(std::min<std::uint64_t>(room, input.size()))));
  if (step.event == HeadLint::Event::kFault) {
    return refuse(ErrorCode::kBadRequest, trailer_lint_.fault(input[step.consumed]));
  }
  trailer_bytes_ += step.consumed;
  if (step.event == HeadLint::Event::kEnd) {
    line_.clear();
    state_ = State::kDone;
    return step.consumed;
  }
  line_.append(input.substr(0, step.consumed));
  if (step.event == HeadLint::Event::kLine) {
    if (++trailer_lines_ > limits_.fields) return too_large("more trailer fields than the limit");
    keep_trailer();
  }
  return step.consumed;
}

base::Result<BodyStep> ChunkDecoder::decode(std::string_view input) {
  size_t at = 0;
  while (at < input.size() && state_ != State::kDone) {
    if (state_ == State::kData) {
      const auto size = static_cast<size_t>(std::min<std::uint64_t>(remaining_, input.size() - at));
      remaining_ -= size;
      if (remaining_ == 0) state_ = State::kDataCr;
      return BodyStep{at + size, input.substr(at, size)};
    }
    if (state_ == State::kTrailers) {
      auto read = read_trailers(input.substr(at));
      if (!read) {
        state_ = State::kDead;
        return base::fail(std::move(read).error());
      }
      at += *read;
      continue;
    }
    if (auto good = step(input[at]); !good) {
      state_ = State::kDead;
      return base::fail(std::move(good).error());
    }
    ++at;
  }
  return BodyStep{at, {}};
}

}  // namespace http
