#include "http/head_scanner.h"

#include <algorithm>
#include <string>

#include "http/method.h"

namespace http {
namespace {

using base::ErrorCode;
using base::Party;

constexpr unsigned kMaxEmptyLines = 4;
constexpr std::uint64_t kCrlf = 2;

HeadLint make_lint(MessageKind kind) {
  return HeadLint(kind == MessageKind::kRequest ? HeadLint::Section::kRequest
                                                : HeadLint::Section::kResponse);
}

}  // namespace

HeadScanner::HeadScanner(MessageKind kind, const Limits& limits)
    : kind_(kind), limits_(limits), lint_(make_lint(kind)) {}

void HeadScanner::reset() { *this = HeadScanner(kind_, limits_); }

base::Failure HeadScanner::refuse(std::string_view buffer) const {
  const std::string where = " at octet " + std::to_string(seen_);
  const std::string fault(lint_.fault(buffer[seen_]));
  if (kind_ == MessageKind::kRequest) {
    return base::fail(ErrorCode::kBadRequest, Party::kClient,
                      "the request head has " + fault + where +
                          "; the client must send HTTP/1.1 as its specification writes it");
  }
  return base::fail(ErrorCode::kBadResponse, Party::kOrigin,
                    "the response head has " + fault + where +
                        "; the origin must send HTTP/1.1 as its specification writes it");
}

base::Failure HeadScanner::too_large(ErrorCode code, std::string_view what,
                                     std::uint64_t limit) const {
  const bool request = kind_ == MessageKind::kRequest;
  return base::fail(request ? code : ErrorCode::kBadResponse,
                    request ? Party::kClient : Party::kOrigin,
                    std::string(request ? "the request's " : "the response's ") +
                        std::string(what) + " exceeds the limit of " + std::to_string(limit) +
                        "; send less, or raise the limit in the configuration");
}

size_t HeadScanner::line_end_limit() const {
  std::uint64_t line = lines_ == 0 ? limits_.start_line_bytes : limits_.field_bytes;
  // With the SP behind it a method has one octet more than it may have.
  if (lint_.in_method()) line = std::min<std::uint64_t>(line, kMaxMethodBytes + 1 - kCrlf);
  return static_cast<size_t>(std::min(line_start_ + line + kCrlf, skipped_ + limits_.head_bytes));
}

base::Result<void> HeadScanner::check_size() const {
  if (field_lines() > limits_.fields) {
    return too_large(ErrorCode::kHeadTooLarge, "number of fields", limits_.fields);
  }
  if (seen_ < line_end_limit()) return {};
  if (lines_ == 0) {
    if (lint_.in_method()) {
      return base::fail(judge_method(std::string(kMaxMethodBytes + 1, 'x')).error());
    }
    return too_large(ErrorCode::kUriTooLong, "start line", limits_.start_line_bytes);
  }
  if (seen_ - skipped_ >= limits_.head_bytes) {
    return too_large(ErrorCode::kHeadTooLarge, "head, in octets,", limits_.head_bytes);
  }
  return too_large(ErrorCode::kHeadTooLarge, "field line, in octets,", limits_.field_bytes);
}

base::Result<std::optional<size_t>> HeadScanner::scan(std::string_view buffer) {
  if (lint_.done()) return std::optional(seen_);
  while (seen_ < buffer.size()) {
    if (auto fits = check_size(); !fits) return base::fail(std::move(fits).error());
    const size_t limit = std::min(buffer.size(), line_end_limit());
    const HeadLint::Step step = lint_.advance(buffer.substr(seen_, limit - seen_));
    seen_ += step.consumed;
    switch (step.event) {
      case HeadLint::Event::kMore: break;
      case HeadLint::Event::kFault: return refuse(buffer);
      case HeadLint::Event::kEnd: return std::optional(seen_);
      case HeadLint::Event::kLine:
        ++lines_;
        line_start_ = seen_;
        break;
      case HeadLint::Event::kEmptyLine:
        skipped_ = line_start_ = seen_;
        if (++empty_lines_ > kMaxEmptyLines) {
          return base::fail(ErrorCode::kBadRequest, Party::kClient,
                            "more than " + std::to_string(kMaxEmptyLines) +
                                " empty lines precede the request line (RFC 9112 §2.2); the "
                                "client must not send them");
        }
        break;
    }
  }
  return std::optional<size_t>();
}

}  // namespace http
