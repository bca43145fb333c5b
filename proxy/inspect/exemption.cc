#include "proxy/inspect/exemption.h"

#include <algorithm>

#include "config/host_pattern.h"

namespace proxy::inspect {

namespace {

struct NeverInspected {
  std::string_view host;  // a host pattern
  Exemption why;
};

// What the endpoint catalogue (aks/endpoints.json) forbids to inspect, in all clouds and regions. A
// proxy may serve clusters of several, so this does not depend on a profile. That the two agree is
// checked by tests/unit/check/exemptions_test.cc.
constexpr NeverInspected kNeverInspected[] = {
    {"*.azmk8s.io", Exemption::kApiServer},
    {"*.cx.prod.service.azk8s.cn", Exemption::kApiServer},
    {"*.cx.aks.containerservice.azure.us", Exemption::kApiServer},
    {"*.monitoring.azure.com", Exemption::kListed},
};

}  // namespace

std::string_view token_of(Exemption exemption) {
  switch (exemption) {
    case Exemption::kNone: return "";
    case Exemption::kListed: return "listed";
    case Exemption::kApiServer: return "api-server";
    case Exemption::kClientCertificate: return "client-certificate";
    case Exemption::kPinned: return "pinned";
    case Exemption::kNotTls: return "not-tls";
    case Exemption::kNotHttp: return "not-http";
  }
  return "";
}

std::string_view reason_of(Exemption exemption) {
  switch (exemption) {
    case Exemption::kNone: return "";
    case Exemption::kListed: return "tls.passthrough or AKS's documentation lists it";
    case Exemption::kApiServer: return "it is an AKS API server, whose clients trust no other CA";
    case Exemption::kClientCertificate: return "the origin asks for a client certificate";
    case Exemption::kPinned: return "the client has rejected our certificate before";
    case Exemption::kNotTls: return "the client speaks no TLS";
    case Exemption::kNotHttp: return "the client offers no HTTP by ALPN";
  }
  return "";
}

Exemption exempt_by_name(const config::Tls& config, std::string_view host) {
  if (config::matches_any_host(config.passthrough, host)) return Exemption::kListed;
  if (config::matches_any_host(config.force, host)) return Exemption::kNone;
  for (const NeverInspected& each : kNeverInspected) {
    if (config::matches_host(each.host, host)) return each.why;
  }
  return Exemption::kNone;
}

bool offers_http(const std::vector<std::string>& protocols) {
  return protocols.empty() ||
         std::any_of(protocols.begin(), protocols.end(), [](const std::string& protocol) {
           return protocol == "http/1.1" || protocol == "h2";
         });
}

}  // namespace proxy::inspect
