// What a probe says of an answer to an HTTP request that failed: the page's words, or why there was
// none, with the blame on whoever was asked.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace check {

// `error` is of reading the answer: the reader of messages calls everyone who answers an origin,
// and knows nothing of --timeout. `who` was asked: "the proxy" or "the destination". `begin` is how
// what came of an answer begins, as received; "" when nothing came.
std::string no_answer_words(const base::Error& error, std::string_view who, std::string_view begin);

// What the page of an error says, when it is one that people can read: ": " and its first line that
// is not just the status again. Else "".
std::string page_words(const std::string& body);

}  // namespace check
