#include "aks/trusted_ca.h"

#include <algorithm>

#include "aks/ca_octets.h"
#include "base/ascii.h"

namespace aks {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";

std::string_view trim_blanks(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

struct Reporter {
  const std::string& path;
  std::vector<Finding>& findings;
  bool failed = false;
  void add(Severity severity, const char* rule, std::string message) {
    failed = failed || severity == Severity::kError;
    findings.push_back({severity, rule, path, std::move(message)});
  }
  std::nullopt_t fail(const char* rule, std::string message) {
    add(Severity::kError, rule, std::move(message));
    return std::nullopt;
  }
};

void check_count(size_t certificates, Reporter& report) {
  if (certificates <= kMaxTrustedCertificates) return;
  report.add(Severity::kError, "trusted-ca-count",
             "trustedCa holds " + std::to_string(certificates) +
                 " certificates; AKS takes at most " + std::to_string(kMaxTrustedCertificates) +
                 ": keep those that signed the proxy's certificates");
}

void report_key(std::string_view text, Reporter& report) {
  if (text.find("PRIVATE KEY-----") == std::string_view::npos) return;
  report.add(Severity::kError, "trusted-ca-key",
             "trustedCa contains a private key, which every node would receive: remove it and "
             "replace that key, since it has been copied");
}

// Why it is none, as far as that shows. `text` itself may be a key and is not cited.
std::string explain_no_base64(std::string_view text) {
  const std::string next = ": use the output of base64 -w0 ca.crt";
  std::string packed = without_blanks(text);
  if (packed.empty()) return "trustedCa holds blanks only" + next;
  std::replace(packed.begin(), packed.end(), '-', '+');
  std::replace(packed.begin(), packed.end(), '_', '/');
  const bool url_safe = text.find_first_of("-_") != std::string_view::npos;
  while (packed.size() % 4 != 0 && packed.size() % 4 != 1) packed += '=';
  if (!decode_base64(packed)) return "trustedCa is not base64 (RFC 4648, section 4)" + next;
  if (url_safe) {
    return "trustedCa is base64 in the alphabet for URLs, with - and _ (RFC 4648, section 5), "
           "which AKS "
           "does not read" +
           next;
  }
  return "trustedCa is base64 whose padding is missing, so its end may be missing too" + next;
}

}  // namespace

std::string without_blanks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::copy_if(text.begin(), text.end(), std::back_inserter(out),
               [](char c) { return kBlanks.find(c) == std::string_view::npos; });
  return out;
}

std::optional<std::string> decode_base64(std::string_view text) {
  const std::string packed = without_blanks(text);
  if (packed.empty() || packed.size() % 4 != 0) return std::nullopt;
  const size_t padding = packed.ends_with("==") ? 2 : packed.ends_with("=") ? 1 : 0;
  std::string out;
  out.reserve(packed.size() / 4 * 3);
  unsigned bits = 0;
  int held = 0;
  for (const char c : std::string_view(packed).substr(0, packed.size() - padding)) {
    const size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6 | static_cast<unsigned>(value)) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(static_cast<unsigned char>(bits >> held));
  }
  return out;
}

std::string encode_base64(std::string_view octets) {
  std::string out;
  for (size_t i = 0; i < octets.size(); i += 3) {
    const std::string_view group = octets.substr(i, 3);
    unsigned bits = 0;
    for (size_t j = 0; j < 3; ++j) {
      bits = bits << 8 | (j < group.size() ? static_cast<unsigned char>(group[j]) : 0U);
    }
    for (size_t j = 0; j < 4; ++j) {
      out += j <= group.size() ? kAlphabet[bits >> (18 - 6 * j) & 63] : '=';
    }
  }
  return out;
}

std::optional<std::vector<PemBlock>> split_pem(std::string_view text) {
  std::vector<PemBlock> blocks;
  for (size_t begin = text.find(kBegin); begin != std::string_view::npos;
       begin = text.find(kBegin)) {
    text.remove_prefix(begin);
    const size_t label_end = text.find(kDashes, kBegin.size());
    if (label_end == std::string_view::npos) return std::nullopt;
    const std::string label(text.substr(kBegin.size(), label_end - kBegin.size()));
    const std::string closing = std::string(kEnd) + label + std::string(kDashes);
    const size_t end = text.find(closing, label_end);
    if (end == std::string_view::npos) return std::nullopt;
    const size_t body = label_end + kDashes.size();
    if (!decode_base64(text.substr(body, end - body))) return std::nullopt;
    blocks.push_back({label, std::string(text.substr(0, end + closing.size())) + "\n"});
    text.remove_prefix(end + closing.size());
  }
  return blocks;
}

std::optional<std::string> parse_trusted_ca(std::string_view text, const std::string& path,
                                            std::vector<Finding>& findings) {
  Reporter report{path, findings};
  const std::string_view trimmed = trim_blanks(text);
  report_key(trimmed, report);
  if (trimmed.starts_with(kBegin)) {
    return report.fail("trusted-ca-base64",
                       "trustedCa is plain PEM; AKS expects it encoded in base64 once more: use "
                       "the output of base64 -w0 ca.crt");
  }
  const auto decoded = decode_base64(trimmed);
  if (!decoded) return report.fail("trusted-ca-base64", explain_no_base64(trimmed));
  if (trimmed.find_first_of(kBlanks) != std::string_view::npos) {
    report.add(Severity::kWarning, "trusted-ca-lines",
               "trustedCa is broken into lines; write it in one (base64 -w0 ca.crt)");
  }
  report_key(*decoded, report);
  if (const auto twice = decode_base64(*decoded); twice && twice->starts_with(kBegin)) {
    report_key(*twice, report);
    return report.fail("trusted-ca-twice",
                       "trustedCa is encoded in base64 twice; AKS decodes once: encode the PEM "
                       "file itself");
  }
  const auto blocks = split_pem(*decoded);
  if (!blocks || blocks->empty()) {
    const auto name = name_of_octets(*decoded);
    return report.fail(
        "trusted-ca-pem",
        "trustedCa decodes to " +
            name.value_or(
                "something other than PEM certificates; expected the output of base64 -w0 ca.crt") +
            " (the service answers HTTPProxyTrustedCAPEMDecodeFailure)");
  }
  std::string pem;
  size_t certificates = 0;
  for (const PemBlock& block : *blocks) {
    if (block.label == "CERTIFICATE") {
      ++certificates;
      pem += block.text;
      continue;
    }
    if (block.label.ends_with("PRIVATE KEY")) continue;
    report.add(Severity::kError, "trusted-ca-label",
               "trustedCa contains a PEM block of type " + cite(block.label) +
                   "; only CERTIFICATE has a meaning here" +
                   (block.label == "PKCS7" ? ": take the certificates out with openssl pkcs7 -in "
                                             "FILE -print_certs"
                                           : ""));
  }
  check_count(certificates, report);
  // A key's block without certificates is an error of its own.
  if (report.failed || certificates == 0) return std::nullopt;
  return pem;
}

}  // namespace aks
