// A configuration and a cluster that the tests of aks/render share.
#pragma once

#include "aks/effective_no_proxy.h"
#include "aks/http_proxy_config.h"
#include "aks/trusted_ca.h"

namespace aks::render {

inline constexpr char kPem[] = "-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n";

inline HttpProxyConfig parse(const std::string& json) {
  return parse_http_proxy_config(json).config.value_or(HttpProxyConfig{});
}

inline HttpProxyConfig example() {
  return parse(R"({"httpProxy": "http://proxy.example:3128/",
                   "httpsProxy": "https://proxy.example:3129",
                   "noProxy": [".svc", "10.1.0.0/16"], "trustedCa": ")" +
               encode_base64(kPem) + "\"}");
}

inline ClusterFacts example_facts() {
  ClusterFacts facts;
  facts.fqdn = "demo.hcp.westeurope.azmk8s.io";
  facts.pod_cidrs = {*base::Cidr::parse("10.244.0.0/16")};
  return facts;
}

inline constexpr char kExampleNoProxy[] =
    ".svc,10.1.0.0/16,localhost,127.0.0.1,168.63.129.16,169.254.169.254,konnectivity,"
    "demo.hcp.westeurope.azmk8s.io,10.244.0.0/16";

}  // namespace aks::render
