// The flags of commands that hold what is there against what a cluster should have.
#pragma once

#include <string>

#include "aks/audit/expectation.h"
#include "base/result.h"
#include "cli/command.h"
#include "cli/facts_flags.h"

namespace cli {

struct ClusterFlags {
  std::string config;  // a configuration's file or a whole cluster; "-" is standard input
  std::string before;  // the same for what was there before an update; "" when unknown
  FactsFlags facts;
};

// Adds --http-proxy-config and the facts' flags. `flags` outlives the parsing.
Option add_expected_flags(Command command, ClusterFlags& flags);
// The same with it required, and --before.
void add_cluster_flags(Command command, ClusterFlags& flags);

// Reads a configuration or a cluster. Findings go to standard error, and errors among them fail
// (client, kBadRequest); a file that can't be read fails (proxy, kIo).
base::Result<aks::audit::ClusterState> read_cluster_state(const std::string& path);

// The facts' flags laid over what the cluster's document says itself. Fails like facts_of.
base::Result<aks::ClusterFacts> facts_about(const aks::audit::ClusterState& state,
                                            const FactsFlags& flags);

// What the flags say should be there.
base::Result<aks::audit::Expectation> expectation_of(const ClusterFlags& flags);

}  // namespace cli
