// Finds the end of a message head in bytes that arrive piecemeal, and holds the limits while
// reading, so that memory never exceeds them by more than one read.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "http/head_lint.h"
#include "http/limits.h"

namespace http {

enum class MessageKind { kRequest, kResponse };

class HeadScanner {
 public:
  HeadScanner(MessageKind kind, const Limits& limits);

  // `buffer` is everything received of the message so far; each call looks only at what is new.
  // Returns the head's size in octets, CRLFCRLF included, or nullopt while it is incomplete. Empty
  // lines (CRLF) before a request line are skipped and counted (at most 4): `skipped()` octets at
  // the front of the buffer are not part of the head, and the returned size includes them. Fails
  // with kUriTooLong, kHeadTooLarge, kBadRequest, or kMethodUnsupported for a method that is too
  // long (kBadResponse for a response) as soon as a limit is passed or an octet can't be part of a
  // head any more (http/head_lint.h), so that garbage is refused without waiting. The same octets
  // give the same result however they are split.
  base::Result<std::optional<size_t>> scan(std::string_view buffer);

  size_t skipped() const { return skipped_; }
  // Field names with white space behind them (HeadLint::spaced_names).
  std::uint32_t spaced_names() const { return lint_.spaced_names(); }
  // Field lines seen so far.
  size_t field_lines() const { return lines_ == 0 ? 0 : lines_ - 1; }
  void reset();

 private:
  base::Failure refuse(std::string_view buffer) const;
  base::Failure too_large(base::ErrorCode code, std::string_view what, std::uint64_t limit) const;
  // Octets of the message that the current line may reach.
  size_t line_end_limit() const;
  base::Result<void> check_size() const;

  MessageKind kind_;
  Limits limits_;
  HeadLint lint_;
  size_t skipped_ = 0;
  size_t seen_ = 0;  // octets judged so far
  size_t line_start_ = 0;
  unsigned empty_lines_ = 0;
  unsigned lines_ = 0;
};

}  // namespace http
