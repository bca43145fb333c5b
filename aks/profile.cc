#include "aks/profile.h"

#include <algorithm>
#include "aks/allow_list/host_pattern.h"

#include "aks/finding.h"
#include "aks/regions.h"
#include "base/ascii.h"

namespace aks {
namespace {

base::Failure refuse(std::string detail) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient, std::move(detail));
}

// What is allowed already, as "pattern port".
bool covers(const std::vector<config::Rule>& rules, const std::string& pattern,
            std::uint16_t port) {
  return std::any_of(rules.begin(), rules.end(), [&](const config::Rule& rule) {
    return rule.hosts.front() == pattern &&
           std::find(rule.ports.begin(), rule.ports.end(), port) != rule.ports.end();
  });
}

config::Rule& rule_for(std::vector<config::Rule>& rules, const std::string& name,
                       const std::string& pattern) {
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const config::Rule& rule) {
    return rule.hosts.front() == pattern && rule.name == name;
  });
  if (found != rules.end()) return *found;
  config::Rule& rule = rules.emplace_back();
  rule.name = name;
  rule.action = config::Action::kAllow;
  rule.hosts = {pattern};
  return rule;
}

bool is_for_the_proxy(const Endpoint& endpoint) {
  return endpoint.via == Route::kProxy && endpoint.transport == Transport::kTcp;
}

Query with_addon(Query query, const std::string& addon) {
  query.addons.clear();
  query.gpu = addon == kGpuAddon ? Gpu::kYes : Gpu::kNo;
  if (addon != kGpuAddon) query.addons = {addon};
  return query;
}

base::Result<void> add_offers(const Catalogue& catalogue, const Query& query, ProfileRules& out) {
  for (const Group& group : catalogue.groups()) {
    if (group.applies != Applies::kAddon && group.applies != Applies::kGpu) continue;
    const auto selected = catalogue.select(with_addon(query, group.name));
    if (!selected) return base::fail(selected.error());
    for (const Endpoint& endpoint : *selected) {
      const auto pattern = rule_pattern(endpoint);
      if (!is_for_the_proxy(endpoint) || !pattern) continue;
      if (covers(out.rules, *pattern, endpoint.port)) continue;
      rule_for(out.offers, group.name, *pattern).ports.push_back(endpoint.port);
    }
  }
  return {};
}

}  // namespace

Cloud cloud_of_region(std::string_view region) {
  if (region.starts_with("china")) return Cloud::kChina;
  const bool gov = region.starts_with("usgov") || region.starts_with("usdod");
  return gov ? Cloud::kGovernment : Cloud::kPublic;
}

base::Result<Query> parse_profile(std::string_view text) {
  constexpr std::string_view kLead = "aks:";
  constexpr std::string_view kExpected = "; expected one such as aks:westeurope,monitor";
  if (!base::iequals(text.substr(0, kLead.size()), kLead)) {
    return refuse("the profile " + cite(text) +
                  " does not begin with aks:" + std::string(kExpected));
  }
  Query query;
  query.at_least = Need::kRecommended;
  std::vector<std::string> words;
  base::for_each_element(text.substr(kLead.size()),
                         [&words](std::string_view word) { words.emplace_back(word); });
  std::string_view place = words.front();
  std::optional<Cloud> cloud;
  if (const size_t colon = place.find(':'); colon != std::string_view::npos) {
    cloud = parse_cloud(place.substr(0, colon));
    if (!cloud) {
      return refuse("the profile " + cite(text) + " names the cloud " +
                    cite(place.substr(0, colon)) + "; expected public, china or gov");
    }
    place.remove_prefix(colon + 1);
  }
  const auto region = normal_region(place);
  if (!region || parse_cloud(*region)) {
    return refuse("the profile " + cite(text) + " names no region" + std::string(kExpected) +
                  " or aks:china:chinaeast2");
  }
  if (!cloud) {
    const auto known = check_region(*region, "aks:public:" + *region);
    if (!known) return refuse("the profile " + cite(text) + ": " + known.error().detail);
  }
  query.region = *region;
  query.cloud = cloud.value_or(cloud_of_region(*region));
  for (size_t i = 1; i < words.size(); ++i) {
    if (words[i].empty()) {
      return refuse("the profile " + cite(text) + " has an empty add-on; remove the comma");
    }
    if (base::iequals(words[i], kGpuAddon)) {
      query.gpu = Gpu::kYes;
    } else {
      query.addons.push_back(words[i]);
    }
  }
  return query;
}

std::optional<std::string> rule_pattern(const Endpoint& endpoint) {
  // "{region}" that nobody filled in is no pattern either.
  if (endpoint.host.find('{') != std::string::npos) return std::nullopt;
  const auto pattern = allow_list::pattern_of(endpoint);
  return pattern ? allow_list::rule_host(*pattern) : std::nullopt;
}

base::Result<ProfileRules> profile_rules(const Catalogue& catalogue, const Query& query) {
  const auto selected = catalogue.select(query);
  if (!selected) return base::fail(selected.error());
  ProfileRules out;
  for (const Endpoint& endpoint : *selected) {
    if (!is_for_the_proxy(endpoint)) continue;
    const auto pattern = rule_pattern(endpoint);
    if (!pattern) {
      out.left_out.push_back(endpoint);
      continue;
    }
    const std::string name = "aks:" + endpoint.groups.front() + ":" + *pattern;
    config::Rule& rule = rule_for(out.rules, name, *pattern);
    rule.ports.push_back(endpoint.port);
    if (endpoint.inspection == Inspection::kForbidden) rule.connect = config::Connect::kTunnel;
  }
  const base::Result<void> offered = add_offers(catalogue, query, out);
  if (!offered) return base::fail(offered.error());
  return out;
}

base::Result<void> apply_profile(config::Policy& policy) {
  policy.profile_rules.clear();
  policy.profile_offers.clear();
  if (policy.profile.empty()) return {};
  const auto query = parse_profile(policy.profile);
  if (!query) return base::fail(query.error());
  const auto catalogue = Catalogue::embedded();
  if (!catalogue) return base::fail(catalogue.error());
  auto rules = profile_rules(*catalogue, *query);
  if (!rules) return base::fail(rules.error());
  policy.profile_rules = std::move(rules->rules);
  policy.profile_offers = std::move(rules->offers);
  return {};
}

}  // namespace aks
