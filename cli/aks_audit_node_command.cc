#include "cli/aks_audit_node_command.h"

#include <filesystem>
#include <iostream>
#include <memory>

#include "aks/audit/node_report.h"
#include "base/file.h"
#include "cli/aks_input.h"
#include "cli/cluster_flags.h"
#include "cli/exit_code.h"
#include "cli/node_directory.h"

namespace cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  az aks show -g GROUP -n NAME -o json > cluster.json
  sluice aks audit node --script > collect.sh
  kubectl debug node/NODE -q -i --profile=sysadmin --image=IMAGE -- chroot /host sh < collect.sh > node.txt
  sluice aks audit node node.txt -f cluster.json
  ssh NODE sudo sh < collect.sh | sluice aks audit node - -f cluster.json
  sluice aks audit node /mnt/root -f new.json --facts cluster.json --distro azurelinux

NODE is what the script prints, a tar archive of files from the node's root on, or a directory. The
script reads files, and of kubelet and containerd the six proxy variables; it changes nothing.

Exit codes: 0 the node has what it should, 1 it has not, 2 wrong usage or input of another kind, 3 a
file that can't be read.)";

struct Flags {
  std::string node;
  ClusterFlags cluster;
  std::string distro;
  bool script = false;
  bool json = false;
};

base::Result<aks::audit::NodeSnapshot> read_node(const std::string& path) {
  std::error_code error;
  if (path != "-" && std::filesystem::is_directory(path, error)) return read_node_directory(path);
  const auto text =
      base::read_file(path == "-" ? "/dev/stdin" : path, aks::audit::kMaxCaptureBytes);
  if (!text) return base::fail(text.error());
  if (text->size() > aks::audit::kMaxCaptureBytes) {
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                      shown_name(path) +
                          " is larger than 64 MiB; `sluice aks audit node --script` "
                          "prints a script that takes what counts alone");
  }
  auto snapshot = aks::audit::read_capture(*text);
  if (snapshot) return snapshot;
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                    shown_name(path) + ": " + snapshot.error().detail +
                        "; give what the script of `sluice aks audit node --script` prints, a tar "
                        "archive or a directory");
}

int audit_node(const Flags& flags) {
  if (flags.node.empty() || flags.cluster.config.empty()) {
    return complain(
        "NODE and -f, --http-proxy-config FILE are needed, or --script alone; see sluice aks audit "
        "node --help",
        kWrongUsage);
  }
  if (flags.node == "-" && flags.cluster.config == "-") {
    return complain("only one of NODE and --http-proxy-config can be standard input", kWrongUsage);
  }
  const auto expected = expectation_of(flags.cluster);
  if (!expected) return complain(expected.error());
  const auto snapshot = read_node(flags.node);
  if (!snapshot) return complain(snapshot.error());
  auto distro = flags.distro.empty() ? aks::audit::distro_of(*snapshot)
                                     : aks::render::parse_distro(flags.distro);
  if (!distro && !flags.distro.empty()) {
    return complain("--distro " + aks::cite(flags.distro) +
                        " is no distribution of AKS nodes; expected ubuntu, azurelinux, "
                        "azurelinux-osguard or flatcar",
                    kWrongUsage);
  }
  if (!distro) {
    std::cerr << "sluice: os-release tells no distribution of AKS nodes; Ubuntu is assumed (see "
                 "--distro)\n";
    distro = aks::render::Distro::kUbuntu;
  }
  const aks::audit::NodeAudit audit = aks::audit::audit_node(*snapshot, *expected, *distro);
  std::cout << (flags.json ? aks::audit::node_report_json(audit) : aks::audit::node_report(audit))
            << std::flush;
  if (!std::cout) return kEnvironmentTrouble;
  return audit.passes() ? 0 : kCheckFailed;
}

int run(const Flags& flags) {
  if (!flags.script) return audit_node(flags);
  std::cout << aks::audit::collect_script() << std::flush;
  return std::cout ? 0 : kEnvironmentTrouble;
}

}  // namespace

void add_aks_audit_node(Command audit, int& exit_code) {
  const Command command = audit.add_subcommand(
      "node", "Hold a node's files against what AKS writes for the cluster's proxy");
  const auto flags = std::make_shared<Flags>();
  command
      .add_option("NODE", flags->node,
                  "what the script printed, a tar archive or a directory; - reads standard input")
      .value_name("PATH");
  add_expected_flags(command, flags->cluster);
  command.add_option("--distro", flags->distro,
                     "ubuntu, azurelinux, azurelinux-osguard or flatcar; else os-release tells");
  const Option json = command.add_flag("--json", flags->json, "write the result as JSON");
  command.add_flag("--script", flags->script, "print the script that takes the files off a node")
      .excludes(json);
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = run(*flags); });
}

}  // namespace cli
