// Configurations and plans that the tests of updates share.
#pragma once

#include <string>
#include <vector>

#include "aks/update_plan.h"
#include "tls/authority.h"

namespace aks_test {

using namespace aks;

inline std::string authority(const std::string& name) {
  const auto now = base::wall_now();
  return tls::Authority::create({name, now - std::chrono::hours(1), now + std::chrono::hours(9000)})
      ->certificate()
      .pem();
}

inline const std::string kOne = authority("One");
inline const std::string kTwo = authority("Two");

inline HttpProxyConfig config(const std::string& url, std::vector<std::string> no_proxy = {},
                              const std::string& pem = "") {
  HttpProxyConfig out;
  std::vector<Finding> ignored;
  out.http_proxy = parse_proxy_url(url, ProxyUrlUse::kHttpProxy, "$", ignored);
  out.https_proxy = out.http_proxy;
  out.no_proxy = std::move(no_proxy);
  out.trusted_ca_pem = pem;
  return out;
}

inline HttpProxyConfig nothing() {
  HttpProxyConfig out;
  out.enabled = false;
  return out;
}

inline const std::string kOld = "http://old.example:3128";
inline const std::string kNew = "http://new.example:3128";

inline UpdatePlan plan(const HttpProxyConfig& before, const HttpProxyConfig& after,
                       Edition edition = Edition::kToday) {
  UpdateOptions options;
  options.edition = edition;
  options.pools = {"a", "b"};
  return make_update_plan(before, after, options);
}

// Kinds of steps; of kApply with the proxy and the certificates that it brings.
inline std::vector<std::string> steps(const UpdatePlan& plan) {
  std::vector<std::string> out;
  for (const Step& step : plan.steps) {
    std::string text(token_of(step.kind));
    if (!step.pool.empty()) text += " " + step.pool;
    if (step.config) {
      text += " " + (step.config->http_proxy ? step.config->http_proxy->authority.host : "none");
      for (const auto& each : certificates_of(step.config->trusted_ca_pem).entries)
        text += " " + each.subject;
    }
    if (step.kind == StepKind::kProvideProxy && step.shows == Shows::kKnown) text += " plain";
    out.push_back(text);
  }
  return out;
}

}  // namespace aks_test
