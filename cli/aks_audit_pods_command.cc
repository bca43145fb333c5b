#include "cli/aks_audit_pods_command.h"

#include <iostream>
#include <memory>
#include <optional>

#include "aks/audit/pod_report.h"
#include "base/file.h"
#include "cli/aks_input.h"
#include "cli/cluster_flags.h"
#include "cli/exit_code.h"

namespace cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  az aks show -g GROUP -n NAME -o json > cluster.json
  kubectl get pods -A -o json | sluice aks audit pods -f cluster.json
  kubectl get pods,replicasets -A -o json > pods.json
  sluice aks audit pods pods.json -f new.json --before old.json --facts cluster.json
  sluice aks audit pods pods.json -f cluster.json --commands > restart.sh

AKS gives variables to a pod when it is created and never again, so that after an update pods have
what they were created with. Nothing is asked of the cluster; the commands are printed, not run.

Exit codes: 0 all pods have what they should, 1 some do not, 2 wrong usage or input of another kind,
3 a file that can't be read.)";

struct Flags {
  std::string pods = "-";
  ClusterFlags cluster;
  bool json = false;
  bool commands = false;
};

std::string format(const Flags& flags, const aks::audit::PodAudit& audit,
                   const aks::audit::Expectation& expected) {
  if (flags.commands) return aks::audit::recreate_commands(audit);
  return flags.json ? aks::audit::pod_report_json(audit, expected)
                    : aks::audit::pod_report(audit, expected);
}

int audit_pods(const Flags& flags) {
  if (flags.pods == "-" && (flags.cluster.config == "-" || flags.cluster.before == "-")) {
    return complain("only one input can be standard input: name a file for --http-proxy-config",
                    kWrongUsage);
  }
  const auto expected = expectation_of(flags.cluster);
  if (!expected) return complain(expected.error());
  std::optional<aks::audit::Expectation> before;
  if (!flags.cluster.before.empty()) {
    ClusterFlags old = flags.cluster;
    old.config = old.before;
    auto read = expectation_of(old);
    if (!read) return complain(read.error());
    before = std::move(*read);
  }
  const auto text =
      base::read_file(flags.pods == "-" ? "/dev/stdin" : flags.pods, aks::audit::kMaxPodsBytes);
  if (!text) return complain(text.error());
  const auto audit = aks::audit::audit_pods(*text, *expected, before ? &*before : nullptr);
  if (!audit) {
    return complain(shown_name(flags.pods) + ": " + audit.error().detail, kWrongUsage);
  }
  std::cout << format(flags, *audit, *expected) << std::flush;
  if (!std::cout) return kEnvironmentTrouble;
  return audit->passes() ? 0 : kCheckFailed;
}

}  // namespace

void add_aks_audit_pods(Command audit, int& exit_code) {
  const Command command = audit.add_subcommand(
      "pods", "Hold running pods against the cluster's proxy, and say which to create anew");
  const auto flags = std::make_shared<Flags>();
  command
      .add_option("PODS", flags->pods,
                  "the output of kubectl get pods -A -o json; - or nothing reads standard input")
      .value_name("FILE");
  add_cluster_flags(command, flags->cluster);
  const Option json = command.add_flag("--json", flags->json, "write the result as JSON");
  command.add_flag("--commands", flags->commands, "write the kubectl commands alone")
      .excludes(json);
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = audit_pods(*flags); });
}

}  // namespace cli
