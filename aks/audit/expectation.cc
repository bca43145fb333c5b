#include "aks/audit/expectation.h"

#include <algorithm>
#include <array>

#include "aks/entry_keys.h"
#include "aks/no_proxy_entry.h"
#include "base/ascii.h"

namespace aks::audit {
namespace {

std::string joined(const std::vector<std::string>& entries) {
  std::string out;
  for (const std::string& entry : entries) out += (out.empty() ? "" : ",") + entry;
  return out;
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> entries;
  base::for_each_element(list, [&entries](std::string_view entry) {
    if (!entry.empty()) entries.emplace_back(entry);
  });
  return entries;
}

std::vector<std::string> without(const std::vector<std::string>& entries,
                                 const std::vector<std::string>& others) {
  const EntryKeys known(others);
  std::vector<std::string> left;
  std::vector<std::string> seen;
  for (const std::string& entry : entries) {
    if (known.contains(entry)) continue;
    std::string key = key_of(parse_no_proxy_entry(entry));
    if (std::find(seen.begin(), seen.end(), key) != seen.end()) continue;
    left.push_back(entry);
    seen.push_back(std::move(key));
  }
  return left;
}

bool is_api_server(const std::string& host) {
  constexpr std::array<std::string_view, 3> kZones = {".azmk8s.io", ".cx.prod.service.azk8s.cn",
                                                      ".cx.aks.containerservice.azure.us"};
  return std::any_of(kZones.begin(), kZones.end(),
                     [&host](std::string_view zone) { return host.ends_with(zone); });
}

std::string some_of(const std::vector<std::string>& entries) {
  constexpr size_t kShown = 3;
  constexpr size_t kWidth = 80;
  std::string out;
  for (size_t i = 0; i < std::min(kShown, entries.size()); ++i) {
    out += (i == 0 ? "" : ", ") + cite(std::string_view(entries[i]).substr(0, kWidth));
  }
  if (entries.size() > kShown) {
    out += " and " + std::to_string(entries.size() - kShown) + " more";
  }
  return out;
}

}  // namespace

Expectation expect(const ClusterState& state, const ClusterFacts& facts) {
  Expectation out;
  out.facts = facts;
  out.values = render::values_of(state.config, facts);
  if (out.has_proxy() && state.effective_no_proxy) {
    out.values.no_proxy = joined(*state.effective_no_proxy);
    out.source = Source::kLive;
  }
  out.variables = pod_variables(out.values);
  return out;
}

ListDifference compare_no_proxy(const Expectation& expected, std::string_view value) {
  const std::vector<std::string> wanted = split(expected.values.no_proxy);
  const std::vector<std::string> given = split(value);
  ListDifference out{without(wanted, given), without(given, wanted)};
  if (expected.source == Source::kComputed) {
    std::erase_if(out.extra, [&expected](const std::string& entry) {
      return may_be_added(entry, expected.facts);
    });
  }
  return out;
}

bool may_be_added(const std::string& text, const ClusterFacts& facts) {
  const NoProxyEntry entry = parse_no_proxy_entry(text);
  if (entry.kind == NoProxyKind::kName) return facts.fqdn.empty() && is_api_server(entry.host);
  if (entry.kind != NoProxyKind::kPrefix) return false;
  if (entry.prefix && !entry.prefix->address().is_v4() && lacks_ipv6_network(facts)) return true;
  const bool pods = !facts.pod_cidrs.empty() || !facts.subnet_cidrs.empty();
  return facts.vnet_cidrs.empty() || facts.service_cidrs.empty() || !pods;
}

std::string describe(const ListDifference& difference) {
  std::string out;
  if (!difference.missing.empty()) out = "lacks " + some_of(difference.missing);
  if (!difference.extra.empty()) {
    out += (out.empty() ? "has " : " and has ") + some_of(difference.extra) + " besides";
  }
  return out;
}

}  // namespace aks::audit
