// An error of the proxy's in a few words, for those who are shown no more of an answer: of a failed
// CONNECT most clients print the reason phrase alone.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace http {

struct Headline {
  base::ErrorCode code = base::ErrorCode::kInternal;
  std::string_view target;      // of the request: an authority or a URI, "-" when there is none
  std::string_view rule;        // that denied it, may be empty
  std::string_view tls_fault;   // as ErrorReply has it
  std::string_view sentence;    // the error's, for what is wrong with the request itself
  std::string_view request_id;  // may be empty
};

inline constexpr size_t kMaxHeadline = 120;  // octets

// "sluice: DNS: x.test does not exist (id 7f3a-12)": printable ASCII, at most kMaxHeadline octets.
// Of what the request names, only the authority is in it.
std::string headline_of(const Headline& about);

// `text` in printable ASCII, for where nothing else may stand (a reason phrase, a string of RFC
// 8941): "§" in words, anything else as "?".
std::string ascii_text(std::string_view text);

}  // namespace http
