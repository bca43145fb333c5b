#include "cli/cluster_flags.h"

#include <iostream>

#include "aks/findings_text.h"
#include "cli/aks_input.h"

namespace cli {

Option add_expected_flags(Command command, ClusterFlags& flags) {
  const Option config =
      command
          .add_option(
              "-f, --http-proxy-config", flags.config,
              "what the cluster should have: an httpProxyConfig, a template, or the cluster "
              "itself from az aks show -o json")
          .value_name("FILE")
          .not_called({"--config", "-c"});
  add_facts_flags(command, flags.facts);
  return config;
}

void add_cluster_flags(Command command, ClusterFlags& flags) {
  add_expected_flags(command, flags).required();
  command
      .add_option("--before", flags.before,
                  "the same from before an update: tells old values from a workload's own")
      .value_name("FILE");
}

base::Result<aks::audit::ClusterState> read_cluster_state(const std::string& path) {
  const auto text = read_document(path);
  if (!text) return base::fail(text.error());
  aks::audit::ParsedState parsed = aks::audit::parse_cluster_state(*text);
  const std::string name = shown_name(path);
  std::cerr << aks::format_findings(name, *text, parsed.findings);
  if (parsed.state) return std::move(*parsed.state);
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                    name + " has errors (above); `sluice aks validate` says all about it");
}

base::Result<aks::ClusterFacts> facts_about(const aks::audit::ClusterState& state,
                                            const FactsFlags& flags) {
  auto given = facts_of(flags);
  if (!given || !state.facts || !flags.file.empty()) return given;
  aks::ClusterFacts facts = *state.facts;
  if (!given->fqdn.empty()) facts.fqdn = given->fqdn;
  const auto lay_over = [](const std::vector<base::Cidr>& from, std::vector<base::Cidr>& to) {
    if (!from.empty()) to = from;
  };
  lay_over(given->pod_cidrs, facts.pod_cidrs);
  lay_over(given->service_cidrs, facts.service_cidrs);
  lay_over(given->vnet_cidrs, facts.vnet_cidrs);
  lay_over(given->subnet_cidrs, facts.subnet_cidrs);
  return facts;
}

base::Result<aks::audit::Expectation> expectation_of(const ClusterFlags& flags) {
  const auto state = read_cluster_state(flags.config);
  if (!state) return base::fail(state.error());
  const auto facts = facts_about(*state, flags.facts);
  if (!facts) return base::fail(facts.error());
  return aks::audit::expect(*state, *facts);
}

}  // namespace cli
