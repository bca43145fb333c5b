// The outer shape of trustedCa: base64 around PEM (RFC 7468). The certificates themselves are
// parsed in tls/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aks/finding.h"

namespace aks {

// AKS takes at most this many certificates. No public source limits their size; bundles of 67 KB
// are at work.
inline constexpr size_t kMaxTrustedCertificates = 20;

// Decodes base64 (RFC 4648 §4, padding required; line breaks and blanks are skipped). nullopt for
// anything else.
std::optional<std::string> decode_base64(std::string_view text);

// The same encoding the other way, in one line.
std::string encode_base64(std::string_view octets);

// `text` without blanks and line breaks, as node scripts get base64.
std::string without_blanks(std::string_view text);

struct PemBlock {
  std::string label;  // "CERTIFICATE"
  std::string text;   // from BEGIN to END line, with a newline at the end
};

// The PEM blocks in `text` in order. nullopt when a block is not closed or its body is not base64.
std::optional<std::vector<PemBlock>> split_pem(std::string_view text);

// Decodes trustedCa and appends what is wrong with it under `path`. Returns its certificates as
// PEM, or nullopt when a finding is an error. Key material is never repeated in a finding.
std::optional<std::string> parse_trusted_ca(std::string_view text, const std::string& path,
                                            std::vector<Finding>& findings);

}  // namespace aks
