// The flags that tell about a cluster, the same wherever its effective noProxy counts.
#pragma once

#include <string>
#include <vector>

#include "aks/cluster_facts.h"
#include "base/result.h"
#include "cli/command.h"

namespace cli {

struct FactsFlags {
  std::string file;  // as for parse_cluster_facts; "-" is standard input
  std::string fqdn;
  std::vector<std::string> pod_cidrs, service_cidrs, vnet_cidrs, subnet_cidrs;

  bool operator==(const FactsFlags&) const = default;
};

// Adds --facts, --fqdn, --pod-cidr, --service-cidr, --vnet-cidr and --subnet-cidr. `flags` outlives
// the parsing. Returns --facts.
Option add_facts_flags(Command command, FactsFlags& flags);

// What the file says, flags that are given in place of it. Fails (proxy, kIo) when the file can't
// be read.
base::Result<aks::ParsedFacts> read_facts_flags(const FactsFlags& flags);

// The same for commands whose input is a list of flags and files: findings go to standard error,
// and errors among them fail (client, kBadRequest).
base::Result<aks::ClusterFacts> facts_of(const FactsFlags& flags);

// Flags that give these facts again, without the region.
std::vector<std::string> arguments_of(const aks::ClusterFacts& facts);

}  // namespace cli
