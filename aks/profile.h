// A policy by name: "aks:westeurope,monitor" stands for rules that allow what the catalogue says a
// cluster in that region with these add-ons reaches through its proxy.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aks/catalogue.h"
#include "base/result.h"
#include "config/schema.h"

namespace aks {

// The add-on's name that stands for GPU node pools, wherever add-ons are named.
inline constexpr std::string_view kGpuAddon = "gpu";

// The cloud of a region's short name: "china…", "usgov…" and "usdod…" have clouds of their own.
Cloud cloud_of_region(std::string_view region);

// Reads "aks:REGION[,ADDON…]" or "aks:CLOUD:REGION[,ADDON…]", with `gpu` among the add-ons for GPU
// node pools. Without a cloud the region tells it. The query selects what is required and
// recommended. Fails (client) with kBadRequest for anything else; unknown add-ons are the
// catalogue's to refuse.
base::Result<Query> parse_profile(std::string_view text);

// The pattern of a policy rule that covers the endpoint's host and no more, or nullopt where there
// is none. "*.example.com" stays. A name whose example lies below it (vault.azure.net) becomes
// ".example.com". Without a pattern are: a * inside a label, since "everything below" would open
// other people's hosts; "*", which would open everything; addresses and service tags, which are no
// names.
std::optional<std::string> rule_pattern(const Endpoint& endpoint);

struct ProfileRules {
  // One for each host, in the catalogue's order, with its ports, e.g. "aks:core:mcr.microsoft.com".
  // The colons keep the names apart from those that people can give.
  std::vector<config::Rule> rules;
  // The same for add-ons that the profile leaves out, named after the add-on alone.
  std::vector<config::Rule> offers;
  // Endpoints of the selection that no rule can stand for (see rule_pattern).
  std::vector<Endpoint> left_out;
};

// What `query` allows: the endpoints with TCP ports that go through the proxy. Fails like
// Catalogue::select.
base::Result<ProfileRules> profile_rules(const Catalogue& catalogue, const Query& query);

// Fills in what policy.profile stands for, with the embedded catalogue; without a profile nothing
// changes. Fails like parse_profile and profile_rules.
base::Result<void> apply_profile(config::Policy& policy);

}  // namespace aks
