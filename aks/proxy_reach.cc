#include "aks/proxy_reach.h"

#include <algorithm>

namespace aks {

void lint_proxy_address(const ProxyUrl& proxy, const std::string& path, const Facts& facts,
                        std::vector<Finding>& findings) {
  if (!proxy.authority.literal) return;
  const base::IpAddress address = proxy.authority.literal->unmapped();
  const auto judge = [&](const std::vector<base::Cidr>& ranges, const char* whose) {
    const auto range = std::find_if(ranges.begin(), ranges.end(),
                                    [&](const base::Cidr& each) { return each.contains(address); });
    if (range == ranges.end()) return;
    findings.push_back({Severity::kError, "proxy-in-range", path,
                        "the proxy's address " + address.to_string() +
                            " lies in the range of the "
                            "cluster's " +
                            whose + " (" + range->to_string() +
                            "), which is not there while a node boots: nodes fail their outbound "
                            "check (exit 50); give the proxy an address outside"});
  };
  judge(facts.cluster.pod_cidrs, "pods");
  judge(facts.cluster.service_cidrs, "services");
}

void lint_no_proxy_size(std::string_view effective, const std::string& path,
                        std::vector<Finding>& findings) {
  constexpr size_t kMost = kMaxVariableBytes - std::string_view("NO_PROXY=").size() - 1;
  if (effective.size() <= kMost) return;
  findings.push_back({Severity::kError, "no-proxy-size", path,
                      "NO_PROXY gets " + std::to_string(effective.size()) +
                          " octets with what AKS adds, and Linux starts no program with a variable "
                          "of more than " +
                          std::to_string(kMost) +
                          " (MAX_ARG_STRLEN): no container of any pod would start; list domains "
                          "and ranges instead of single names"});
}

void lint_isolation(const Facts& facts, const std::string& path, std::vector<Finding>& findings) {
  if (!is_network_isolated(facts.traits)) return;
  const bool known = !facts.traits.cache_registry.empty() || !facts.private_registries.empty();
  findings.push_back(
      {Severity::kNote, "network-isolated", path,
       std::string("the cluster is network-isolated: its nodes need none of the usual "
                   "endpoints and pull from a registry of its own") +
           (known ? ", which must bypass the proxy"
                  : "; both endpoints of that (NAME.azurecr.io and "
                    "NAME.REGION.data.azurecr.io) belong into noProxy")});
}

}  // namespace aks
