#include "aks/no_proxy_list.h"

#include <map>
#include <optional>
#include <set>

#include "aks/no_proxy/nodes.h"
#include "aks/no_proxy_entry.h"

namespace aks {
namespace {

class Linter {
 public:
  Linter(const std::vector<ListEntry>& entries, std::vector<Finding>& findings)
      : entries_(entries), findings_(findings) {
    for (const ListEntry& each : entries) {
      parsed_.push_back(parse_no_proxy_entry(each.text));
      const NoProxyEntry& entry = parsed_.back();
      if (entry.kind == NoProxyKind::kUnusable || entry.port) continue;
      by_key_.emplace(key_of(entry), parsed_.size() - 1);
      if (entry.prefix) prefix_lengths_.insert(entry.prefix->prefix_bits());
    }
  }

  void lint(const Facts& facts) {
    std::map<std::string, NoProxySource> added;
    for (const EffectiveEntry& each : effective_no_proxy({}, facts.cluster)) {
      added.emplace(key_of(parse_no_proxy_entry(each.text)), each.source);
    }
    std::map<std::string, size_t> seen;
    for (size_t i = 0; i < entries_.size(); ++i) {
      if (parsed_[i].kind == NoProxyKind::kUnusable) continue;
      const std::string key = key_of(parsed_[i]);
      const auto [first, fresh] = seen.emplace(key, i);
      const auto by_aks = added.find(key);
      if (!fresh) {
        add(i, Severity::kWarning, "no-proxy-duplicate",
            "is the same as " + entries_[first->second].path + " (" +
                cite(entries_[first->second].text) + "): remove one");
      } else if (by_aks != added.end()) {
        add(i, Severity::kNote, "no-proxy-added-anyway",
            "is " + std::string(describe(by_aks->second)) + ": it may be left out");
      } else {
        judge_cover(i);
      }
    }
  }

 private:
  void add(size_t i, Severity severity, const char* rule, const std::string& message) {
    const ListEntry& entry = entries_[i];
    findings_.push_back({severity, rule, entry.path, cite(entry.text) + " " + message, "",
                         entry.line, entry.column});
  }

  std::optional<size_t> find(const std::string& key) const {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? std::nullopt : std::optional(found->second);
  }

  void judge_cover(size_t i) {
    const NoProxyEntry& entry = parsed_[i];
    if (entry.address || entry.prefix) return judge_prefixes(i);
    const std::string& host = entry.host;
    for (size_t dot = host.find('.'); dot != std::string::npos; dot = host.find('.', dot + 1)) {
      const std::string above = host.substr(dot + 1);
      for (const char* form : {".", ""}) {
        const auto by = find(form + above);
        if (!by) continue;
        return add(i, Severity::kNote, "no-proxy-shadowed",
                   "is below " + entries_[*by].path + " (" + cite(entries_[*by].text) +
                       "), which " +
                       (*form == '.' ? "covers it in all clients but Java"
                                     : "covers it in all clients but Node's http, axios, .NET and "
                                       "Java") +
                       ": keep it for those only");
      }
    }
  }

  void judge_prefixes(size_t i) {
    const NoProxyEntry& entry = parsed_[i];
    const base::IpAddress address =
        entry.address ? entry.address->unmapped() : entry.prefix->address();
    const int own = entry.prefix ? entry.prefix->prefix_bits() : address.is_v4() ? 33 : 129;
    for (const int bits : prefix_lengths_) {
      if (bits >= own) break;
      const auto by = find(base::Cidr(address, bits).to_string());
      if (!by || *by == i) continue;
      return add(i, Severity::kNote, "no-proxy-shadowed",
                 "lies in " + entries_[*by].path + " (" + cite(entries_[*by].text) + ")" +
                     (entry.prefix ? ": remove it"
                                   : "; keep it for clients that read no prefixes (wget, urllib, "
                                     "httpx, Node, Java), else remove it"));
    }
  }

  const std::vector<ListEntry>& entries_;
  std::vector<Finding>& findings_;
  std::vector<NoProxyEntry> parsed_;
  std::map<std::string, size_t> by_key_;
  std::set<int> prefix_lengths_;
};

}  // namespace

std::vector<std::string> hosts_of_private_registry(const std::string& registry,
                                                   const std::string& region) {
  return {registry + ".azurecr.io",
          registry + "." + (region.empty() ? "REGION" : region) + ".data.azurecr.io"};
}

void lint_no_proxy_list(const std::vector<ListEntry>& entries, const Facts& facts,
                        std::vector<Finding>& findings) {
  Linter(entries, findings).lint(facts);
}

std::string effective_list(const std::vector<ListEntry>& entries, const Facts& facts) {
  if (facts.traits.effective_no_proxy)
    return join_no_proxy(effective_no_proxy(*facts.traits.effective_no_proxy, {}));
  std::vector<std::string> texts;
  texts.reserve(entries.size());
  for (const ListEntry& each : entries) texts.push_back(each.text);
  return join_no_proxy(effective_no_proxy(texts, facts.cluster));
}

void lint_missing_entries(const std::vector<ListEntry>& entries, const Facts& facts,
                          const ListEntry& list, std::vector<Finding>& findings) {
  const std::string effective = effective_list(entries, facts);
  const auto bypasses = [&](const std::string& host) {
    return no_proxy::nodes_bypass(effective, host);
  };
  const auto add = [&](Severity severity, const char* rule, std::string message, std::string fix) {
    findings.push_back(
        {severity, rule, list.path, std::move(message), std::move(fix), list.line, list.column});
  };
  std::string names;
  for (const auto& [host, entry] : {std::pair{"api.default.svc", ".svc"},
                                    std::pair{"api.default.svc.cluster.local", ".cluster.local"}}) {
    if (!bypasses(host)) names += (names.empty() ? "" : ", ") + json_string(entry);
  }
  if (!names.empty()) {
    add(facts.known == Facts::Known::kYes ? Severity::kWarning : Severity::kNote,
        "no-proxy-services",
        "names of services go to the proxy: AKS adds the service range but no names, and Go, curl "
        "and most others hold ranges against literal addresses only. Names such as api or "
        "api.default match no entry for a domain: list each by itself, or let pods write "
        "api.default.svc",
        names);
  }
  std::vector<std::string> registries = facts.private_registries;
  if (!facts.traits.cache_registry.empty()) registries.push_back(facts.traits.cache_registry);
  for (const std::string& registry : registries) {
    std::string missing;
    for (const std::string& host : hosts_of_private_registry(registry, facts.cluster.region)) {
      if (!bypasses(host)) missing += (missing.empty() ? "" : ", ") + json_string(host);
    }
    if (missing.empty()) continue;
    add(Severity::kWarning, "no-proxy-private-registry",
        "the registry " + cite(registry) +
            " has a private link, and both its REST and its data endpoint must bypass the proxy: "
            "layers come from the data endpoint",
        missing);
  }
}

}  // namespace aks
