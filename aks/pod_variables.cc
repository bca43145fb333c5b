#include "aks/pod_variables.h"

namespace aks {
namespace {

void add_pair(std::vector<PodVariable>& out, const char* lower, const char* upper,
              const std::string& value) {
  if (value.empty()) return;
  out.push_back({lower, value});
  out.push_back({upper, value});
}

std::string text_of(const std::optional<ProxyUrl>& url) { return url ? url->to_string() : ""; }

}  // namespace

std::vector<PodVariable> pod_variables(const HttpProxyConfig& config, const ClusterFacts& facts) {
  std::vector<PodVariable> out;
  if (!config.enabled) return out;
  add_pair(out, "http_proxy", "HTTP_PROXY", text_of(config.http_proxy));
  add_pair(out, "https_proxy", "HTTPS_PROXY", text_of(config.https_proxy));
  add_pair(out, "no_proxy", "NO_PROXY", join_no_proxy(effective_no_proxy(config.no_proxy, facts)));
  return out;
}

}  // namespace aks
