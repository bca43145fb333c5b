// Paths as rules compare them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace http {

// The path of an origin-form target (its query left out) in the form in which equal paths look
// equal (RFC 3986 §6.2.2): escapes of unreserved characters decoded, other escapes in capitals, dot
// segments resolved. nullopt where origins disagree on what a path means, so that no comparison is
// safe: escaped slashes, backslashes and controls, broken escapes, raw backslashes, empty segments,
// and dot segments that lead above the root.
std::optional<std::string> canonical_path(std::string_view path_and_query);

// Whether a canonical path is `prefix` or below it: "/api" has "/api" and "/api/v1", not "/apiary".
bool is_at_or_below(std::string_view path, std::string_view prefix);

}  // namespace http
