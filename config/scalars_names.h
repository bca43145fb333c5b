// Scalars that are host names, patterns and other words.
#pragma once

#include <string>

#include "config/scalar.h"

namespace config {

// A host name in A-label form (RFC 1035 §2.3.1, with "_" as used in practice). Comes out in lower
// case without its trailing dot. Addresses are refused.
Scalar<std::string> host_name();

// "example.com" (that name), ".example.com" (the name and all below it) or "*.example.com" (all
// below it). Comes out like a host_name. A "*" anywhere else is refused.
Scalar<std::string> host_pattern();

// Letters, digits, ".", "_" and "-", at most 64; fit for logs and metrics. Names that denials use
// for what is no rule, such as "default", are refused.
Scalar<std::string> rule_name();

// "aks:westeurope,monitor", or empty for none. Only the letters are judged here; what it names is
// for the room that knows (aks/profile.h). Comes out in lower case.
Scalar<std::string> profile_name();

// A pseudonym in Via: a token (RFC 9110 §5.6.2) of at most 64 characters.
Scalar<std::string> pseudonym();

// "-", "off" (which becomes "") or the path of a file.
Scalar<std::string> log_path();

// The path of a file, or "off" (which becomes "").
Scalar<std::string> file_or_off();

// The path of a file or directory.
Scalar<std::string> file_path();

// A name in a client's certificate: printable ASCII, at most 256 characters.
Scalar<std::string> identity();

// A method (RFC 9110 §9.1): a token in capitals, of at most 32 characters, but not CONNECT.
Scalar<std::string> method();

// A path in canonical form (http/path.h) that starts with "/".
Scalar<std::string> path_prefix();
// A protocol that a request may ask to switch to: "SPDY/3.1", or "SPDY" for all versions.
Scalar<std::string> upgrade_protocol();

// The name of a field (RFC 9110 §5.1): a token of at most 64 characters.
Scalar<std::string> field_name();

// A host_name(), or empty for none.
Scalar<std::string> host_name_or_none();

// A bearer token (RFC 6750 §2.1) of 16 to 512 characters, or empty for none.
Scalar<std::string> bearer_token();

// What a secret is shown as; bearer_token() refuses it with an explanation.
inline constexpr std::string_view kMask = "<set>";

}  // namespace config
