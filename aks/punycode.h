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

}  // namespace aks
