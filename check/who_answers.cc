#include "check/who_answers.h"

#include <algorithm>

namespace check {

std::optional<std::string_view> platform_sign(const Probe& probe) {
  if (probe.kind != ProbeKind::kDirectHttp) return std::nullopt;
  if (probe.host == "169.254.169.254") return "\"compute\"";
  if (probe.host == "168.63.129.16") return "<Versions>";
  return std::nullopt;
}

bool names_api_server(const tls::CertificateFacts& certificate) {
  return std::find(certificate.sans.begin(), certificate.sans.end(), "kubernetes.default") !=
         certificate.sans.end();
}

}  // namespace check
