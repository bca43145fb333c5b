#include "http/head_lint.h"

#include "base/ascii.h"
#include "http/octets.h"

namespace http {
namespace {

constexpr std::string_view kHttpSlash = "HTTP/";

bool is_blank(char octet) { return octet == ' ' || octet == '\t'; }

// Octets that keep the automaton in a state, so that runs of them are skipped without a step each.
size_t run_of(std::string_view input, size_t start, std::uint8_t wanted) {
  size_t at = start;
  while (at < input.size() && is_octet(input[at], wanted)) ++at;
  return at;
}

}  // namespace

HeadLint::HeadLint(Section section)
    : section_(section),
      state_(section == Section::kRequest    ? State::kStart
             : section == Section::kResponse ? State::kHttpName
                                             : State::kLineStart) {}

bool HeadLint::step(char octet) {
  const auto go = [this](bool allowed, State next) {
    if (allowed) state_ = next;
    return allowed;
  };
  switch (state_) {
    case State::kStart:
      if (octet == '\r') return go(true, State::kEmptyLf);
      return go(is_octet(octet, kTokenOctet), State::kMethod);
    case State::kEmptyLf: return go(octet == '\n', State::kStart);
    case State::kMethod:
      if (octet == ' ') return go(true, State::kTargetStart);
      return is_octet(octet, kTokenOctet);
    case State::kTargetStart: return go(is_octet(octet, kVisibleOctet), State::kTarget);
    case State::kTarget:
      if (octet == ' ') return go(true, State::kVersionStart);
      return is_octet(octet, kVisibleOctet);
    case State::kVersionStart: return go(is_octet(octet, kVisibleOctet), State::kVersion);
    case State::kVersion:
      if (octet == '\r') return go(true, State::kLineLf);
      return is_octet(octet, kVisibleOctet);
    case State::kHttpName:
      if (octet != kHttpSlash[count_]) return false;
      return go(true, ++count_ == kHttpSlash.size() ? State::kStatusVersion : State::kHttpName);
    case State::kStatusVersion:
      count_ = 0;
      if (octet == ' ') return go(true, State::kStatusCode);
      return is_octet(octet, kVisibleOctet);
    case State::kStatusCode:
      if (!base::is_digit(octet)) return false;
      return go(true, ++count_ == 3 ? State::kStatusEnd : State::kStatusCode);
    case State::kStatusEnd:
      if (octet == ' ') return go(true, State::kReason);
      return go(octet == '\r', State::kLineLf);
    case State::kReason:
    case State::kValue:
      if (octet == '\r') return go(true, State::kLineLf);
      return is_octet(octet, kTextOctet);
    case State::kLineLf: return go(octet == '\n', State::kLineStart);
    case State::kLineStart:
      if (octet == '\r') return go(true, State::kEndLf);
      return go(is_octet(octet, kTokenOctet), State::kName);
    case State::kName:
      if (octet == ':') return go(true, State::kValue);
      if (is_blank(octet) && may_space_names()) {
        ++spaced_names_;
        return go(true, State::kNameEnd);
      }
      return is_octet(octet, kTokenOctet);
    case State::kNameEnd:
      if (octet == ':') return go(true, State::kValue);
      return is_blank(octet);
    case State::kEndLf: return go(octet == '\n', State::kDone);
    case State::kDone: return false;
  }
  return false;
}

HeadLint::Step HeadLint::advance(std::string_view input) {
  if (state_ == State::kDone) return {Event::kEnd, 0};
  for (size_t at = 0; at < input.size(); ++at) {
    if (state_ == State::kValue || state_ == State::kReason) {
      at = run_of(input, at, kTextOctet);
    } else if (state_ == State::kName || state_ == State::kMethod) {
      at = run_of(input, at, kTokenOctet);
    } else if (state_ == State::kTarget || state_ == State::kVersion) {
      at = run_of(input, at, kVisibleOctet);
    }
    if (at == input.size()) break;
    const State before = state_;
    if (!step(input[at])) return {Event::kFault, at};
    if (before == State::kLineLf) return {Event::kLine, at + 1};
    if (before == State::kEmptyLf) return {Event::kEmptyLine, at + 1};
    if (before == State::kEndLf) return {Event::kEnd, at + 1};
  }
  return {Event::kMore, input.size()};
}

std::string_view HeadLint::fault(char octet) const {
  switch (state_) {
    case State::kEmptyLf:
    case State::kLineLf:
    case State::kEndLf: return "a CR that no LF follows (RFC 9112 §2.2)";
    case State::kHttpName: return "something else than a status line (RFC 9112 §4)";
    default: break;
  }
  if (octet == '\n') return "an LF without CR (RFC 9112 §2.2)";
  switch (state_) {
    case State::kStart:
    case State::kMethod: return "an octet that no method may have (RFC 9110 §9.1)";
    case State::kTargetStart:
    case State::kTarget:
    case State::kVersionStart:
    case State::kVersion:
      return octet == '\r' || octet == ' '
                 ? "a request line that is not method SP target SP version (RFC 9112 §3)"
                 : "an octet that must be percent-encoded in a target (RFC 9112 §3.2)";
    case State::kStatusVersion:
    case State::kStatusCode:
    case State::kStatusEnd: return "a status line without a code of three digits (RFC 9112 §4)";
    case State::kLineStart:
      return octet == ' ' || octet == '\t' ? "white space at the start of a line (RFC 9112 §5.2)"
                                           : "an octet that no field name may have (RFC 9110 §5.1)";
    case State::kName:
      return octet == '\r' ? "a field line without colon (RFC 9112 §5)"
                           : "an octet that no field name may have (RFC 9110 §5.1)";
    case State::kNameEnd:
      return octet == '\r' ? "a field line without colon (RFC 9112 §5)"
                           : "white space inside a field name (RFC 9110 §5.1)";
    default: return "a control character (RFC 9110 §5.5)";
  }
}

}  // namespace http
