// Internationalised names as clients put them on the wire (RFC 3492, RFC 5891 §4.4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aks {

// `name` (UTF-8) with every label that has characters outside ASCII in its "xn--" form. ASCII text
// comes back as it is. No case folding or normalisation happens beyond ASCII. nullopt when the text
// is not UTF-8 or a label becomes longer than 63 octets.
std::optional<std::string> to_ascii_name(std::string_view name);

// `text` (UTF-8) in lower case: ASCII, Latin, Greek and Cyrillic letters. Other scripts have no
// case, but for a few that no host name was seen in. What is not UTF-8 comes back with its ASCII
// letters lowered.
std::string lower_name(std::string_view text);

// lower_name(), with full-width forms as ASCII and the dots of East Asian scripts as "." (the part
// of UTS 46's mapping that host names are typed with).
std::string mapped_name(std::string_view text);

}  // namespace aks
