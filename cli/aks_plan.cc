#include "cli/aks_plan.h"

#include <iostream>
#include <memory>

#include "aks/audit/cluster_state.h"
#include "aks/findings_text.h"
#include "aks/own_entries.h"
#include "aks/update_plan_report.h"
#include "aks/validate.h"
#include "check/simulation/rehearsal.h"
#include "check/simulation/rehearsal_report.h"
#include "cli/aks_input.h"
#include "cli/exit_code.h"

namespace cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  sluice aks plan old.json new.json --pools system --pools user
  sluice aks plan old.json new.json --edition article --facts cluster.yaml --json
  sluice aks plan old.json new.json --rehearse      with real proxies, simulated nodes and pods
  sluice aks plan old.json none                     switch the proxy off
  az aks show -g GROUP -n NAME -o json | sluice aks plan - new.json     from what a cluster has

From a cluster (as OLD or --facts) come its node pools, and what else counts: Node Disruption Policy,
Node Auto Provisioning, a private API server, Flatcar, certificates of custom CA trust.

Exit codes: 0 the update can be made, 1 NEW has errors, the service does not do this, or the rehearsal
shows failures, 2 wrong usage or a file that can't be parsed, 3 a file that can't be read, or trouble
with the environment.)";

struct Flags {
  std::string before, after;
  std::string edition = "today";
  std::string staging = "custom-ca-trust";
  std::vector<std::string> pools;
  std::string facts;
  bool json = false;
  bool rehearse = false;
};

constexpr const char* kNone = "none";  // OLD of a cluster without a proxy; NEW: switch it off

base::Failure refuse(std::string sentence) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient, std::move(sentence));
}

base::Result<aks::HttpProxyConfig> only_config(const std::string& name,
                                               aks::Validation validation) {
  if (validation.configs.size() == 1) return std::move(validation.configs.front());
  return refuse(name + " has " + std::to_string(validation.configs.size()) +
                " usable configurations; a plan is about one: give it as a file of its own");
}

// What the cluster has, and is.
struct Before {
  aks::HttpProxyConfig config;
  // Of a document that describes a whole cluster.
  std::optional<aks::ClusterTraits> traits;
  std::optional<aks::ClusterFacts> facts;
};

// Its faults are the past's, an expired certificate for example; nothing is said about them.
base::Result<Before> read_before(const Flags& flags, const aks::ValidateOptions& options) {
  Before before;
  if (flags.before == kNone) {
    before.config.enabled = false;
    return before;
  }
  const auto text = read_document(flags.before);
  if (!text) return base::fail(text.error());
  aks::audit::ParsedState cluster = aks::audit::parse_cluster_state(*text);
  if (cluster.state && cluster.state->traits) {
    before.config = std::move(cluster.state->config);
    before.traits = std::move(cluster.state->traits);
    before.facts = std::move(cluster.state->facts);
    return before;
  }
  aks::Validation validation = aks::validate(*text, options);
  const std::string name = shown_name(flags.before);
  if (validation.configs.empty())
    std::cerr << aks::format_findings(name, *text, validation.findings);
  auto config = only_config(name, std::move(validation));
  if (!config) return base::fail(config.error());
  before.config = std::move(*config);
  return before;
}

int plan_update(const Flags& flags, const aks::Facts& facts, const Before& before,
                const aks::HttpProxyConfig& after) {
  aks::UpdateOptions update;
  update.edition = flags.edition == "article" ? aks::Edition::kArticle : aks::Edition::kToday;
  update.traits = before.traits.value_or(facts.traits);
  update.pools = flags.pools.empty() ? update.traits.pools : flags.pools;
  if (update.pools.empty()) update.pools = {"nodepool1"};
  update.facts = facts;
  aks::HttpProxyConfig had = before.config;
  if (before.facts) {
    if (facts.known == aks::Facts::Known::kNo) update.facts.cluster = *before.facts;
    had.no_proxy = aks::own_live_entries(had.no_proxy, after.no_proxy, update.facts.cluster);
  }
  if (flags.staging == "proxy") update.staging = aks::Staging::kPlainProxy;
  const aks::UpdatePlan plan = aks::make_update_plan(had, after, update);
  if (!flags.rehearse) {
    std::cout << (flags.json ? aks::plan_json(plan) : aks::format_plan(plan));
    return aks::has_errors(plan.findings) ? kCheckFailed : 0;
  }
  const auto rehearsal = check::rehearse(plan);
  if (!rehearsal) return complain(rehearsal.error().detail, kEnvironmentTrouble);
  if (flags.json) {
    std::cout << check::rehearsal_json(*rehearsal);
  } else {
    std::cout << aks::format_plan(plan) << "\n" << check::format_rehearsal(*rehearsal);
  }
  return aks::has_errors(plan.findings) || !check::succeeded(*rehearsal) ? kCheckFailed : 0;
}

int run_plan(const Flags& flags) {
  if (flags.before == "-" && flags.after == "-") {
    return complain("only one of OLD and NEW can be standard input", kWrongUsage);
  }
  const auto facts = read_facts(flags.facts, std::cerr);
  if (!facts) return complain(facts.error());
  const aks::ValidateOptions options{base::wall_now(), *facts};
  const auto before = read_before(flags, options);
  if (!before) return complain(before.error());
  if (flags.after == kNone) {
    aks::HttpProxyConfig off = before->config;
    off.enabled = false;
    return plan_update(flags, *facts, *before, off);
  }
  const auto text = read_document(flags.after);
  if (!text) return complain(text.error());
  const std::string name = shown_name(flags.after);
  aks::Validation after = aks::validate(*text, options);
  if (aks::has_errors(after.findings)) {
    std::cerr << aks::format_findings(name, *text, after.findings) << name << ": "
              << aks::summary_line(after.findings) << "; mend the errors first\n";
    return after.outcome == aks::Validation::Outcome::kUnreadable ? kWrongUsage : kCheckFailed;
  }
  const auto config = only_config(name, std::move(after));
  if (!config) return complain(config.error());
  return plan_update(flags, *facts, *before, *config);
}

}  // namespace

void add_aks_plan(Command aks, int& exit_code) {
  const Command command =
      aks.add_subcommand("plan", "Say what an update from OLD to NEW does, in order");
  const auto flags = std::make_shared<Flags>();
  command
      .add_option("OLD", flags->before,
                  "what the cluster has, or the cluster itself; none: no proxy; - reads stdin")
      .required();
  command.add_option("NEW", flags->after, "what it is to get; none: no proxy any more").required();
  command.add_option("--edition", flags->edition, "whose rules: the article's or today's service")
      .one_of({"article", "today"})
      .shows_default();
  command
      .add_option("--pools", flags->pools, "names of node pools; else the cluster's, or nodepool1")
      .separated_by(',');
  command
      .add_option(
          "--staging", flags->staging,
          "how nodes get to know a first proxy's authority: by custom CA trust before it, or "
          "from a proxy that does not inspect at first")
      .one_of({"custom-ca-trust", "proxy"})
      .shows_default();
  command.add_option("--facts", flags->facts, "as for validate");
  command.add_flag("--json", flags->json, "write the plan, or the rehearsal, as JSON");
  command.add_flag("--rehearse", flags->rehearse, "go through the steps in a simulation");
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = run_plan(*flags); });
}

}  // namespace cli
