#include "cli/aks_diff_command.h"

#include <iostream>
#include <memory>

#include "aks/diff_report.h"
#include "cli/aks_input.h"
#include "cli/cluster_flags.h"
#include "cli/exit_code.h"

namespace cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  az aks show -g GROUP -n NAME -o json | sluice aks diff desired.json -
  sluice aks diff template.json cluster.json --vnet-cidr 10.10.0.0/16 --subnet-cidr 10.10.0.0/24
  sluice aks diff desired.json cluster.json --json

Three lists are held against each other: what DESIRED says, what AKS should make of it with the
cluster's facts, and what the cluster has (effectiveNoProxy). Order never counts.

Exit codes: 0 no difference, 1 differences, 2 wrong usage or a document with errors, 3 a file that
can't be read.)";

struct Flags {
  std::string desired, live;
  FactsFlags facts;
  std::vector<std::string> pools;
  bool json = false;
};

int run_diff(const Flags& flags) {
  if (flags.desired == "-" && flags.live == "-") {
    return complain("only one of DESIRED and LIVE can be standard input", kWrongUsage);
  }
  aks::DiffInput input;
  for (const auto& [path, state] :
       {std::pair{&flags.desired, &input.desired}, std::pair{&flags.live, &input.live}}) {
    auto read = read_cluster_state(*path);
    if (!read) return complain(read.error());
    *state = std::move(*read);
  }
  auto facts = facts_about(input.live, flags.facts);
  if (!facts) return complain(facts.error());
  input.facts = std::move(*facts);
  input.pools = flags.pools;
  if (input.pools.empty() && input.live.traits) input.pools = input.live.traits->pools;
  if (input.pools.empty()) input.pools = {"nodepool1"};
  const aks::Diff diff = aks::diff(input);
  std::cout << (flags.json ? aks::diff_json(diff) : aks::diff_report(diff)) << std::flush;
  if (!std::cout) return kEnvironmentTrouble;
  return diff.is_same() ? 0 : kCheckFailed;
}

}  // namespace

void add_aks_diff(Command aks, int& exit_code) {
  const Command command =
      aks.add_subcommand("diff", "Hold a desired configuration against a live cluster");
  const auto flags = std::make_shared<Flags>();
  command.add_option("DESIRED", flags->desired, "an httpProxyConfig or a template; - reads stdin")
      .required();
  command.add_option("LIVE", flags->live, "the output of az aks show -o json; - reads stdin")
      .required();
  add_facts_flags(command, flags->facts);
  command.add_option("--pools", flags->pools, "names of node pools; default LIVE's")
      .separated_by(',');
  command.add_flag("--json", flags->json, "write the differences as JSON");
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = run_diff(*flags); });
}

}  // namespace cli
