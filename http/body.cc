#include "http/body.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace http {

BodyDecoder::BodyDecoder(BodyLength length, MessageKind kind, const Limits& limits)
    : kind_(kind),
      state_(length.kind == BodyKind::kNone ? State::kDone : State::kReading),
      length_(length) {
  if (length.kind == BodyKind::kLength && length.length == 0) state_ = State::kDone;
  if (length.kind == BodyKind::kChunked) chunks_.emplace(kind, limits);
}

base::Result<BodyDecoder::Step> BodyDecoder::decode(std::string_view input) {
  if (state_ == State::kDone) return Step{};
  switch (length_.kind) {
    case BodyKind::kNone: break;
    case BodyKind::kUntilClose: return Step{input.size(), input};
    case BodyKind::kLength: {
      const auto size = static_cast<size_t>(std::min<std::uint64_t>(length_.length, input.size()));
      length_.length -= size;
      if (length_.length == 0) state_ = State::kDone;
      return Step{size, input.substr(0, size)};
    }
    case BodyKind::kChunked: {
      auto step = chunks_->decode(input);
      if (chunks_->done()) state_ = State::kDone;
      return step;
    }
  }
  return Step{};
}

base::Result<void> BodyDecoder::end() {
  if (length_.kind == BodyKind::kUntilClose) state_ = State::kDone;
  if (state_ == State::kDone) return {};
  if (kind_ == MessageKind::kRequest) {
    return base::fail(base::ErrorCode::kClientClosed, base::Party::kClient,
                      "the client closed the connection before the end of its request body");
  }
  return base::fail(base::ErrorCode::kOriginTruncated, base::Party::kOrigin,
                    "the origin closed the connection before the end of its response body");
}

const Fields& BodyDecoder::trailers() const {
  static const Fields kNone;
  return chunks_ ? chunks_->trailers() : kNone;
}

std::string chunk_prefix(std::uint64_t size) {
  std::array<char, 18> text{};
  char* const end = std::to_chars(text.data(), text.data() + 16, size, 16).ptr;
  end[0] = '\r';
  end[1] = '\n';
  return {text.data(), static_cast<size_t>(end + 2 - text.data())};
}

}  // namespace http
