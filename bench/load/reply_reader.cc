#include "bench/load/reply_reader.h"

#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "bench/load/pattern.h"

namespace load {
namespace {

constexpr std::size_t kMaxHead = 16 * 1024;

// The value of a field of `head`, trimmed; nullopt when it is not there.
std::optional<std::string_view> field(std::string_view head, std::string_view name) {
  for (std::size_t at = head.find("\r\n"); at + 2 < head.size(); at = head.find("\r\n", at + 2)) {
    const std::string_view line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (!base::iequals(line.substr(0, name.size()), name)) continue;
    return base::trim_ows(line.substr(name.size() + 1));
  }
  return std::nullopt;
}

}  // namespace

void ReplyReader::expect(Body body, std::uint64_t length) {
  head_.clear();
  body_ = body;
  length_ = length;
  offset_ = 0;
  in_body_ = false;
}

ReplyReader::State ReplyReader::wrong(const char* fault) {
  fault_ = fault;
  return State::kWrong;
}

ReplyReader::State ReplyReader::take(std::string_view octets) {
  if (in_body_) return take_body(octets);
  // The end of the head may lie across two deliveries.
  const std::size_t from = head_.size() < 3 ? 0 : head_.size() - 3;
  const std::size_t before = head_.size();
  head_ += octets;
  const std::size_t end = head_.find("\r\n\r\n", from);
  if (end == std::string::npos) {
    return head_.size() > kMaxHead ? wrong("head without end") : State::kMore;
  }
  octets.remove_prefix(end + 4 - before);
  head_.resize(end + 2);
  if (const State state = read_head(); state != State::kDone) return state;
  in_body_ = true;
  return take_body(octets);
}

ReplyReader::State ReplyReader::read_head() {
  // "HTTP/1.x 2xx …"
  if (head_.size() < 12 || !head_.starts_with("HTTP/1.")) return wrong("no status line");
  if (head_[9] != '2') return wrong("status not 2xx");
  const auto connection = field(head_, "Connection");
  closes_ = (connection && base::iequals(*connection, "close")) ||
            (head_[7] == '0' && !(connection && base::iequals(*connection, "keep-alive")));
  if (body_ == Body::kNone) return State::kDone;
  const auto length = field(head_, "Content-Length");
  if (!length) return wrong("no Content-Length");
  return *length == std::to_string(length_) ? State::kDone : wrong("wrong Content-Length");
}

ReplyReader::State ReplyReader::take_body(std::string_view octets) {
  if (octets.size() > length_ - offset_) return wrong("octets behind the response");
  if (!matches_pattern(offset_, octets)) return wrong("wrong octets in the body");
  offset_ += octets.size();
  return offset_ == length_ ? State::kDone : State::kMore;
}

}  // namespace load
