#include "aks/no_proxy_endpoints.h"

#include <algorithm>
#include <array>

#include "aks/catalogue.h"
#include "aks/no_proxy_entry.h"
#include "aks/profile.h"

namespace aks {
namespace {

// What clusters in these clouds need through the proxy.
std::vector<Endpoint> required_in(const std::vector<Cloud>& clouds, const Facts& facts) {
  std::vector<Endpoint> out;
  static const auto catalogue = Catalogue::embedded();  // never changes, and takes a while to parse
  if (!catalogue) return out;
  Query query;
  query.region = facts.cluster.region;
  query.addons = facts.traits.addons;
  for (const Cloud cloud : clouds) {
    query.cloud = cloud;
    auto selected = catalogue->select(query);
    if (!selected) {  // an add-on that the catalogue does not know
      query.addons.clear();
      selected = catalogue->select(query);
    }
    if (!selected) continue;
    for (Endpoint& each : *selected) {
      if (each.via == Route::kProxy && each.scheme) out.push_back(std::move(each));
    }
  }
  return out;
}

std::vector<Endpoint> required_of(const Facts& facts) {
  if (is_network_isolated(facts.traits)) return {};
  if (!facts.cluster.region.empty())
    return required_in({cloud_of_region(facts.cluster.region)}, facts);
  return required_in({Cloud::kPublic, Cloud::kChina, Cloud::kGovernment}, facts);
}

// Most documents tell nothing about their cluster, and the answer is then the same.
const std::vector<Endpoint>& required_anywhere() {
  static const std::vector<Endpoint> all = required_of({});
  return all;
}

// Whether nodes go past the proxy to the endpoint, or to one of those that it stands for, because
// of this entry.
bool covers(const NoProxyEntry& entry, const Endpoint& endpoint) {
  std::string host = endpoint.form == HostForm::kName ? endpoint.host : endpoint.example;
  if (host.empty()) return false;
  const auto below = [](std::string_view name, std::string_view domain) {
    return name.size() > domain.size() && name.ends_with(domain) &&
           name[name.size() - domain.size() - 1] == '.';
  };
  if (entry.host == host) return entry.kind == NoProxyKind::kName;
  if (below(host, entry.host)) return true;
  return endpoint.form == HostForm::kBelow && below(entry.host, endpoint.host.substr(2));
}

// Top-level domains that the catalogue's endpoints and most of the web are in.
bool is_top_level(const std::string& host) {
  constexpr std::array kNames = {"com", "net", "org", "io",   "cn",  "us", "ms",
                                 "edu", "gov", "dev", "info", "app", "eu", "cloud"};
  return std::find(kNames.begin(), kNames.end(), host) != kNames.end();
}

bool is_api_server(const std::string& host) {
  return host.find("hcp.") != std::string::npos || host.find("privatelink.") != std::string::npos;
}

}  // namespace

void lint_required_endpoints(const std::vector<ListEntry>& entries, const Facts& facts,
                             std::vector<Finding>& findings) {
  const auto add = [&findings](const ListEntry& entry, const char* rule, std::string message) {
    findings.push_back(
        {Severity::kWarning, rule, entry.path, std::move(message), "", entry.line, entry.column});
  };
  const bool nothing_known = facts.cluster.region.empty() && facts.traits.addons.empty() &&
                             !is_network_isolated(facts.traits);
  const std::vector<Endpoint> own = nothing_known ? std::vector<Endpoint>() : required_of(facts);
  const std::vector<Endpoint>& required = nothing_known ? required_anywhere() : own;
  for (const ListEntry& each : entries) {
    const NoProxyEntry entry = parse_no_proxy_entry(each.text);
    if (entry.prefix && entry.prefix->prefix_bits() == 0) {
      add(each, "no-proxy-all",
          cite(each.text) +
              " holds every address, so that clients which read prefixes go past the proxy to all "
              "of them: list the ranges that are yours");
      continue;
    }
    if (entry.kind != NoProxyKind::kName && entry.kind != NoProxyKind::kDomain) continue;
    if (is_top_level(entry.host)) {
      add(each, "no-proxy-all",
          cite(each.text) +
              " is a top-level domain, so that nearly everything in it goes past the proxy: list "
              "the domains that are yours");
      continue;
    }
    if (is_api_server(entry.host)) continue;
    std::string first;
    size_t count = 0;
    for (const Endpoint& endpoint : required) {
      if (!covers(entry, endpoint) || endpoint.host == first) continue;
      if (first.empty()) first = endpoint.host;
      ++count;
    }
    if (count == 0) continue;
    add(each, "no-proxy-required",
        cite(each.text) + " takes " + first +
            (count > 1 ? " and " + std::to_string(count - 1) + " more required endpoints" : "") +
            " past the proxy; where that is the only way out, nodes do not come up: remove the "
            "entry, unless a private link or a firewall lets them through");
  }
}

}  // namespace aks
