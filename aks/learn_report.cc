#include "aks/learn_report.h"

#include <algorithm>

#include "aks/misroute.h"
#include "aks/profile.h"
#include "base/ascii.h"
#include "config/scalars_names.h"

namespace aks {
namespace {

constexpr std::string_view kRegion = "{region}";

bool contains(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

enum class Reach { kLabel, kLabels };

bool glob(std::string_view pattern, std::string_view text);

// The rest of the pattern behind a placeholder for at least one character.
bool glob_behind(std::string_view rest, std::string_view text, Reach reach) {
  for (std::size_t size = 1; size <= text.size(); ++size) {
    if (reach == Reach::kLabel && text[size - 1] == '.') return false;
    if (glob(rest, text.substr(size))) return true;
  }
  return false;
}

// "*" and "{region}" stand for part of a label. Patterns are the catalogue's: one or two of them.
bool glob(std::string_view pattern, std::string_view text) {
  while (!pattern.empty()) {
    if (pattern.starts_with(kRegion)) {
      return glob_behind(pattern.substr(kRegion.size()), text, Reach::kLabel);
    }
    if (pattern.front() == '*') return glob_behind(pattern.substr(1), text, Reach::kLabel);
    if (text.empty() || pattern.front() != text.front()) return false;
    pattern.remove_prefix(1);
    text.remove_prefix(1);
  }
  return text.empty();
}

// Everything that the catalogue has for the cloud.
base::Result<std::vector<Endpoint>> all_endpoints(const Catalogue& catalogue, Query query) {
  query.os = Os::kAny;
  query.gpu = Gpu::kYes;
  query.at_least = Need::kOptional;
  query.addons.clear();
  for (const Group& group : catalogue.groups()) {
    if (group.applies == Applies::kAddon) query.addons.push_back(group.name);
  }
  return catalogue.select(query);
}

// The canonical names of the add-ons that the query enables.
std::vector<std::string> enabled_addons(const Catalogue& catalogue, const Query& query) {
  std::vector<std::string> names;
  if (query.gpu == Gpu::kYes) names.emplace_back(kGpuAddon);
  for (const Group& group : catalogue.groups()) {
    for (const std::string& wanted : query.addons) {
      const bool alias =
          std::any_of(group.aliases.begin(), group.aliases.end(),
                      [&wanted](const std::string& each) { return base::iequals(each, wanted); });
      if (alias || base::iequals(group.name, wanted)) names.push_back(group.name);
    }
  }
  return names;
}

class Classifier {
 public:
  Classifier(const Catalogue& catalogue, const Query& query, std::vector<Endpoint> endpoints)
      : catalogue_(catalogue),
        endpoints_(std::move(endpoints)),
        enabled_(enabled_addons(catalogue, query)) {}

  void classify(LearnRow& row) const {
    if (base::IpAddress::parse(row.host)) {
      row.listing = Listing::kNever;
      row.note =
          "an address; find the name behind it, since a rule by address also opens the "
          "address guard";
      return;
    }
    // Requests may name hosts that no rule can, such as "a-.example".
    if (std::holds_alternative<config::Complaint>(config::host_name().parse(row.host))) {
      row.listing = Listing::kNever;
      row.note = "no rule can name it, since it is no host name by RFC 1123";
      return;
    }
    row.rule_host = row.host;
    if (is_cluster_name(row.host)) {
      set(row, LearnClass::kDirect, Listing::kNever);
      row.note = fix_of({MisrouteKind::kInCluster, ""}, row.host);
    } else if (const Endpoint* endpoint = find(row)) {
      row.pattern = endpoint->host;
      row.rule_host = rule_pattern(*endpoint).value_or(row.host);
      by_endpoint(row, *endpoint);
    }
  }

 private:
  static void set(LearnRow& row, LearnClass kind, Listing listing) {
    row.kind = kind;
    row.listing = listing;
  }

  // The most specific endpoint: with the longest pattern.
  const Endpoint* find(const LearnRow& row) const {
    const Endpoint* best = nullptr;
    for (const Endpoint& endpoint : endpoints_) {
      if (endpoint.port != row.port || endpoint.transport != Transport::kTcp) continue;
      if (!covers(endpoint, row.host)) continue;
      if (best == nullptr || endpoint.host.size() > best->host.size()) best = &endpoint;
    }
    return best;
  }

  Applies applies(const std::string& name) const {
    for (const Group& group : catalogue_.groups()) {
      if (group.name == name) return group.applies;
    }
    return Applies::kAlways;
  }

  void by_endpoint(LearnRow& row, const Endpoint& endpoint) const {
    if (endpoint.via == Route::kDirect) {
      set(row, LearnClass::kDirect, Listing::kNever);
      row.note = "reached without the proxy: noProxy should list it";
      return;
    }
    if (endpoint.need == Need::kOptional) return set(row, LearnClass::kOptional, Listing::kReview);
    for (const std::string& group : endpoint.groups) {
      if (applies(group) == Applies::kAlways) {
        return set(row, LearnClass::kRequired, Listing::kAllow);
      }
      row.addons.push_back(group);
    }
    // Those that are enabled come first and give the rule its name.
    const auto others =
        std::stable_partition(row.addons.begin(), row.addons.end(),
                              [this](const auto& addon) { return contains(enabled_, addon); });
    const bool enabled = enabled_.empty() || others != row.addons.begin();
    set(row, LearnClass::kAddon, enabled ? Listing::kAllow : Listing::kReview);
    if (!enabled) row.note = "none of its add-ons is among those enabled";
  }

  const Catalogue& catalogue_;
  std::vector<Endpoint> endpoints_;
  std::vector<std::string> enabled_;
};

std::vector<LearnRow> rows_of(const Learned& learned) {
  std::vector<LearnRow> rows;
  // Both methods of a destination stand beside each other.
  for (const auto& [key, facts] : learned.destinations()) {
    const auto& [host, port, method] = key;
    if (rows.empty() || rows.back().host != host || rows.back().port != port) {
      LearnRow& row = rows.emplace_back();
      row.host = host;
      row.port = port;
      row.facts = facts;
    } else {
      rows.back().facts.add(facts);
    }
  }
  return rows;
}

std::string profile_for(const LearnReport& report, const Query& query) {
  if (query.region.empty()) return "";
  std::vector<std::string> addons;
  const auto add = [&](const LearnRow& row) {
    if (row.kind != LearnClass::kAddon || row.listing != Listing::kAllow) return;
    // One add-on that needs the endpoint is enough.
    const bool covered = std::any_of(row.addons.begin(), row.addons.end(),
                                     [&](const auto& addon) { return contains(addons, addon); });
    if (!covered) addons.push_back(row.addons.front());
  };
  // What only one add-on needs proves that one, and may cover what several need.
  for (const LearnRow& row : report.rows) {
    if (row.addons.size() == 1) add(row);
  }
  for (const LearnRow& row : report.rows) add(row);
  const std::string region = normal_region(query.region).value_or("");
  std::string profile = "aks:";
  if (query.cloud != cloud_of_region(region)) profile.append(token_of(query.cloud)).append(":");
  profile += region;
  for (const std::string& addon : addons) profile += "," + addon;
  return profile;
}

}  // namespace

std::string_view token_of(LearnClass kind) {
  switch (kind) {
    case LearnClass::kRequired: return "required";
    case LearnClass::kAddon: return "add-on";
    case LearnClass::kOptional: return "optional";
    case LearnClass::kDirect: return "direct";
    case LearnClass::kUnknown: return "unknown";
  }
  return "unknown";
}

bool covers(const Endpoint& endpoint, std::string_view name) {
  switch (endpoint.form) {
    case HostForm::kName: {
      const auto pattern = rule_pattern(endpoint);
      const bool below = pattern && pattern->front() == '.' && name.ends_with(*pattern);
      return below || glob(endpoint.host, name);
    }
    case HostForm::kInfix: return glob(endpoint.host, name);
    case HostForm::kBelow: {
      // "*." covers any number of labels, so try each end of them.
      const std::string_view rest = std::string_view(endpoint.host).substr(1);
      return glob_behind(rest, name, Reach::kLabels);
    }
    case HostForm::kAny:
    case HostForm::kAddress:
    case HostForm::kServiceTag: return false;
  }
  return false;
}

base::Result<LearnReport> learn_report(const Catalogue& catalogue, const Query& query,
                                       const Learned& learned) {
  const auto asked = catalogue.select(query);  // for the query's own mistakes
  if (!asked) return base::fail(asked.error());
  auto endpoints = all_endpoints(catalogue, query);
  if (!endpoints) return base::fail(endpoints.error());
  const Classifier classifier(catalogue, query, std::move(*endpoints));
  LearnReport report;
  report.dropped = learned.dropped();
  report.rows = rows_of(learned);
  for (LearnRow& row : report.rows) classifier.classify(row);
  std::stable_sort(report.rows.begin(), report.rows.end(), [](const auto& a, const auto& b) {
    if (a.kind != b.kind) return a.kind < b.kind;
    return a.facts.count() > b.facts.count();
  });
  report.profile = profile_for(report, query);
  return report;
}

}  // namespace aks
