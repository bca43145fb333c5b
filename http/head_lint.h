// The raw syntax of a head, octet by octet: everything that llhttp, even in strict mode, lets
// through and that two parsers could read differently. Lines end in CRLF and nothing else (RFC 9112
// §2.2); there is no obs-fold (§5.2), no white space before a request's colon (§5.1), no control
// but HTAB and that only in values (RFC 9110 §5.5); a request line is three non-empty parts with
// one SP between (RFC 9112 §3); a status line starts with "HTTP/" and has three digits (§4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace http {

// An automaton that remembers where it is, so that any split of the input gives the same verdict.
class HeadLint {
 public:
  enum class Section : std::uint8_t { kRequest, kResponse, kTrailers, kResponseTrailers };
  explicit HeadLint(Section section);

  enum class Event : std::uint8_t {
    kMore,       // everything judged, the line goes on
    kEmptyLine,  // CRLF before a request line
    kLine,       // the start line or a field line ended
    kEnd,        // the empty line behind the fields ended
    kFault,      // the octet behind `consumed` can't stand there
  };
  struct Step {
    Event event = Event::kMore;
    size_t consumed = 0;  // octets judged good, a line's CRLF included
  };
  // Judges octets up to the end of the current line. After kEnd and kFault it stays where it is.
  Step advance(std::string_view input);

  bool done() const { return state_ == State::kDone; }

  // Whether the first part of a request line, the method, is still being read.
  bool in_method() const { return state_ == State::kStart || state_ == State::kMethod; }

  // Field names of a response that white space follows. It stands before their colons, and is to be
  // removed (RFC 9112 §5.1).
  std::uint32_t spaced_names() const { return spaced_names_; }

  // What is wrong with `octet` here, as a clause: "a bare LF (RFC 9112 §2.2)".
  std::string_view fault(char octet) const;

 private:
  enum class State : std::uint8_t {
    kStart,    // before a request line
    kEmptyLf,  // CR of an empty line before it
    kMethod,
    kTargetStart,
    kTarget,
    kVersionStart,
    kVersion,
    kHttpName,  // "HTTP/" of a status line
    kStatusVersion,
    kStatusCode,
    kStatusEnd,  // SP or CR
    kReason,
    kLineLf,
    kLineStart,  // a field name, or CR of the empty line
    kName,
    kNameEnd,  // white space before the colon
    kValue,
    kEndLf,
    kDone,
  };
  // Where `octet` leads; false when it can't stand here.
  bool step(char octet);

  bool may_space_names() const {
    return section_ == Section::kResponse || section_ == Section::kResponseTrailers;
  }

  Section section_;
  State state_;
  std::uint8_t count_ = 0;  // octets of "HTTP/", or digits of the status code, seen
  std::uint32_t spaced_names_ = 0;
};

}  // namespace http
