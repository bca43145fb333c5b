// A noProxy list as a whole: entries that repeat or cover each other, and those that are missing.
#pragma once

#include <string>
#include <vector>

#include "aks/cluster_traits.h"
#include "aks/effective_no_proxy.h"
#include "aks/finding.h"

namespace aks {

// What is known about a cluster.
struct Facts {
  enum class Known { kNo, kYes };
  Known known = Known::kNo;  // whether anybody told anything
  ClusterFacts cluster;
  std::vector<std::string> private_registries;  // "contoso"
  ClusterTraits traits{};
};

// The names of a registry's two endpoints: REST, and data, where the layers come from. An unknown
// region is written REGION.
std::vector<std::string> hosts_of_private_registry(const std::string& registry,
                                                   const std::string& region);

// An entry and where it stands.
struct ListEntry {
  std::string text;
  std::string path;
  int line = 0;
  int column = 0;
};

// Appends entries that stand twice (in other capitals, with a trailing dot or another spelling of
// an address as well), that another entry covers, and that AKS adds by itself. The cluster's own
// names and ranges count as far as `facts` has them.
void lint_no_proxy_list(const std::vector<ListEntry>& entries, const Facts& facts,
                        std::vector<Finding>& findings);

// The list that nodes get: the one that AKS computed where `facts` has it, else what it would make
// of the entries.
std::string effective_list(const std::vector<ListEntry>& entries, const Facts& facts);

// Appends what clusters need and `entries` lacks: names of services, and both endpoints of
// registries behind a private link, that of a network-isolated cluster included. The findings have
// `list`'s place and its text is not used.
void lint_missing_entries(const std::vector<ListEntry>& entries, const Facts& facts,
                          const ListEntry& list, std::vector<Finding>& findings);

}  // namespace aks
