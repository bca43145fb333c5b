#include "aks/effective_no_proxy.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "aks/endpoint.h"
#include "base/ascii.h"

namespace aks {
namespace {

constexpr std::array<std::string_view, 5> kAlways = {"localhost", "127.0.0.1", "168.63.129.16",
                                                     "169.254.169.254", "konnectivity"};

class List {
 public:
  void add(std::string_view text, NoProxySource source) {
    text = base::trim_ows(text);
    std::string key = base::lower(text);
    if (!key.empty() && key.back() == '.') key.pop_back();
    if (key.empty() || !seen_.insert(std::move(key)).second) return;
    entries_.push_back({std::string(text), source});
  }
  void add(const std::vector<base::Cidr>& prefixes, NoProxySource source) {
    for (const base::Cidr& prefix : prefixes) add(prefix.to_string(), source);
  }
  std::vector<EffectiveEntry> take() && { return std::move(entries_); }

 private:
  std::unordered_set<std::string> seen_;
  std::vector<EffectiveEntry> entries_;
};

}  // namespace

std::vector<EffectiveEntry> effective_no_proxy(const std::vector<std::string>& user,
                                               const ClusterFacts& facts) {
  List list;
  for (const std::string& entry : user) list.add(entry, NoProxySource::kUser);
  for (const std::string_view entry : kAlways) list.add(entry, NoProxySource::kAlways);
  list.add(facts.fqdn, NoProxySource::kApiServer);
  list.add(facts.vnet_cidrs, NoProxySource::kVnet);
  if (facts.pod_cidrs.empty()) list.add(facts.subnet_cidrs, NoProxySource::kSubnet);
  list.add(facts.pod_cidrs, NoProxySource::kPods);
  list.add(facts.service_cidrs, NoProxySource::kServices);
  return std::move(list).take();
}

bool lacks_ipv6_network(const ClusterFacts& facts) {
  const auto has_ipv6 = [](const std::vector<base::Cidr>& prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [](const base::Cidr& each) { return !each.address().is_v4(); });
  };
  return !facts.vnet_cidrs.empty() && !has_ipv6(facts.vnet_cidrs) &&
         (has_ipv6(facts.pod_cidrs) || has_ipv6(facts.service_cidrs));
}

std::string join_no_proxy(const std::vector<EffectiveEntry>& entries) {
  std::string joined;
  for (const EffectiveEntry& entry : entries) {
    if (!joined.empty()) joined += ',';
    joined += entry.text;
  }
  return joined;
}

std::string region_of_fqdn(std::string_view fqdn) {
  const std::string name = base::lower(fqdn);
  for (const std::string_view mark : {".hcp.", ".privatelink."}) {
    const size_t at = name.find(mark);
    if (at == std::string::npos) continue;
    const size_t start = at + mark.size();
    const size_t end = name.find('.', start);
    if (end == std::string::npos) return "";
    return normal_region(name.substr(start, end - start)).value_or("");
  }
  return "";
}

std::string_view describe(NoProxySource source) {
  switch (source) {
    case NoProxySource::kUser: return "listed in noProxy";
    case NoProxySource::kAlways: return "added by AKS to every cluster";
    case NoProxySource::kApiServer: return "added by AKS: the API server's name";
    case NoProxySource::kVnet: return "added by AKS: the virtual network";
    case NoProxySource::kSubnet: return "added by AKS: the nodes' subnet";
    case NoProxySource::kPods: return "added by AKS: the cluster's pods";
    case NoProxySource::kServices: return "added by AKS: the cluster's services";
  }
  return "";
}

}  // namespace aks
