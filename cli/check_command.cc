#include "cli/check_command.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <tuple>

#include "aks/http_proxy_config.h"
#include "aks/profile.h"
#include "aks/proxy_environment.h"
#include "base/file.h"
#include "base/log.h"
#include "base/units.h"
#include "check/clients/check_clients.h"
#include "check/live.h"
#include "check/simulation/simulate.h"
#include "cli/exit_code.h"
#include "cli/facts_flags.h"
#include "cli/progress_line.h"
#include "cli/query_flags.h"
#include "cli/repeat.h"
#include "cli/report_files.h"

namespace cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  sluice check --simulate                         everything embedded: no network, no root
  sluice check --simulate --inspect               the same with a proxy that inspects TLS
  sluice check -f aks-proxy-config.json --fqdn demo-1a2b.hcp.westeurope.azmk8s.io \
      --service-cidr 10.0.0.0/16 --addon monitor
  sluice check -f aks-proxy-config.json --closed       the same, and nothing gets out without the proxy
  sluice check -f aks-proxy-config.json --clients      curl, git, Python, … beside what is predicted
  sluice check --html report.html --junit report.xml   with HTTP_PROXY, HTTPS_PROXY, NO_PROXY set

Exit codes: 0 all required endpoints are reached as they must be, 1 not so, 2 wrong usage or
configuration, 3 trouble with the environment.)";

struct Flags {
  std::string config_file;
  QueryFlags query;
  FactsFlags facts;
  std::string os = "linux";
  std::vector<std::string> names;  // "pattern=name"
  std::string trusted_ca;
  std::string roots;
  std::string cluster_ca;
  std::string proxy_log;
  std::string timeout = "15s";
  std::string clients;  // "own", "here", or "" for probes
  std::string junit, html, json_file;
  std::string baseline;
  size_t at_once = 16;
  bool simulate = false;
  bool inspect = false;
  bool gpu = false;
  bool elsewhere = false;
  bool closed = false;
  bool all = false;
  bool json = false;
};

// What keeps the check from running: printed, with its exit code.
struct Wrong {
  std::string sentence;
  int exit_code = kWrongUsage;
};

Wrong wrong_by(const base::Error& error) {
  return {error.detail,
          error.code == base::ErrorCode::kBadRequest ? kWrongUsage : kEnvironmentTrouble};
}

// `region` is the cluster's, "" when not known.
aks::Query query_of(const Flags& flags, const std::string& region, std::optional<Wrong>& wrong) {
  auto query = query_of(flags.query);
  if (!query) {
    wrong = wrong_by(query.error());
    return {};
  }
  take_region(*query, flags.query, region);
  if (flags.gpu) query->gpu = aks::Gpu::kYes;
  query->os = flags.os == "windows" ? aks::Os::kWindows : aks::Os::kLinux;
  query->at_least = flags.all ? aks::Need::kOptional : aks::Need::kRequired;
  return std::move(*query);
}

// The httpProxyConfig from a file, or else from the environment variables.
aks::ParsedConfig parse_config(const Flags& flags, std::optional<Wrong>& wrong) {
  if (flags.config_file.empty()) {
    return aks::from_environment([](const char* name) -> std::optional<std::string> {
      const char* value = std::getenv(name);
      return value == nullptr ? std::nullopt : std::optional<std::string>(value);
    });
  }
  const auto text = base::read_file(flags.config_file, aks::kMaxConfigBytes);
  if (!text) {
    wrong = wrong_by(text.error());
    return {};
  }
  return aks::parse_http_proxy_config(*text);
}

std::optional<check::LiveOptions> live_options(const Flags& flags, std::optional<Wrong>& wrong) {
  check::LiveOptions options;
  aks::ParsedConfig parsed = parse_config(flags, wrong);
  if (wrong) return std::nullopt;
  for (const aks::Finding& finding : parsed.findings) std::cerr << aks::to_string(finding) << "\n";
  if (!parsed.config) {
    wrong = Wrong{"the httpProxyConfig has errors (above); mend them first"};
    return std::nullopt;
  }
  options.config = std::move(*parsed.config);
  if (!flags.trusted_ca.empty()) {
    auto pem = base::read_file(flags.trusted_ca, aks::kMaxConfigBytes);
    if (!pem) {
      wrong = wrong_by(pem.error());
      return std::nullopt;
    }
    options.config.trusted_ca_pem = std::move(*pem);
  }
  options.findings = std::move(parsed.findings);
  auto facts = facts_of(flags.facts);
  if (!facts) {
    wrong = wrong_by(facts.error());
    return std::nullopt;
  }
  options.cluster = std::move(*facts);
  std::string& region = options.cluster.region;
  if (region.empty()) region = aks::region_of_fqdn(options.cluster.fqdn);
  options.plan.query = query_of(flags, region, wrong);
  region = options.plan.query.region;
  if (flags.inspect) options.inspecting = check::Inspecting::kExpected;
  if (flags.closed) options.plan.egress = check::Egress::kMustBeClosed;
  options.plan.vantage = flags.elsewhere ? check::Vantage::kElsewhere : check::Vantage::kCluster;
  for (const std::string& pair : flags.names) {
    const size_t equals = pair.find('=');
    if (equals == std::string::npos) {
      wrong = Wrong{"--name " + pair + " has no '='; expected PATTERN=NAME"};
      return std::nullopt;
    }
    options.plan.names[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  const auto timeout = base::parse_duration(flags.timeout);
  if (!timeout)
    wrong = Wrong{"--timeout " + flags.timeout + " is no duration; expected one such as 15s"};
  options.timeout = timeout.value_or(options.timeout);
  options.roots_file = flags.roots;
  options.cluster_ca_file = flags.cluster_ca;
  options.proxy_log = flags.proxy_log;
  options.at_once = flags.at_once;
  if (wrong) return std::nullopt;
  return options;
}

int run_check(const Flags& flags) {
  std::optional<Wrong> wrong;
  if (flags.simulate && !flags.clients.empty()) {
    return complain("--simulate has no clients to run; name one of --simulate and --clients",
                    kWrongUsage);
  }
  if (flags.inspect && !flags.clients.empty()) {
    return complain("--inspect is about probes; --clients runs programs in their place",
                    kWrongUsage);
  }
  if (flags.closed && (flags.simulate || !flags.clients.empty())) {
    return complain(
        "--closed is about the network that this machine is in; leave out --simulate and --clients",
        kWrongUsage);
  }
  if (const auto query = query_of(flags.query); !query) return complain(query.error());
  const auto earlier = read_baseline(flags.baseline);
  if (!earlier) return complain(earlier.error());
  ProgressLine line;
  const auto planned = [&line](size_t total) { line.planned(total); };
  const auto each = [&line](const check::ProbeResult& result) { line.each(result); };
  base::Result<check::Report> report = base::fail({});
  if (flags.simulate) {
    check::SimulationOptions options;
    // What its proxy would warn of, rejected certificates say, is in the report.
    base::log_set_level(base::LogLevel::kError);
    options.query = query_of(flags, "", wrong);
    if (flags.inspect) options.tunnels = check::Tunnels::kInspected;
    options.at_once = flags.at_once;
    options.planned = planned;
    options.each = each;
    if (!wrong) report = check::simulate(options);
  } else {
    auto options = live_options(flags, wrong);
    if (options) {
      options->planned = planned;
      options->each = each;
      if (flags.clients.empty()) {
        report = check::check_live(*options);
      } else {
        using Network = check::ClientsNetwork;
        const auto network = flags.clients == "here" ? Network::kHere : Network::kOwn;
        report = check::check_clients(*options, network);
      }
    }
  }
  line.finish();
  if (wrong) return complain(wrong->sentence, wrong->exit_code);
  if (!report) return complain(report.error());
  report->command = own_command();
  tell_difference(*earlier, *report);
  ReportFiles files{flags.json_file, flags.junit, flags.html};
  if (flags.json) files.to_stdout = ReportFiles::Stdout::kJson;
  return write_reports(files, *report);
}

void add_flags(Command command, Flags& flags) {
  command.add_flag("--simulate", flags.simulate,
                   "simulate the internet, the cluster and the proxy");
  command.add_flag("--inspect", flags.inspect,
                   "expect the proxy to inspect TLS, and show for each endpoint whether it did");
  command
      .add_option("-f, --http-proxy-config", flags.config_file,
                  "httpProxyConfig JSON; without it HTTP_PROXY, HTTPS_PROXY and NO_PROXY count")
      .value_name("FILE")
      .not_called({"--config", "-c"});
  add_query_flags(command, flags.query);
  add_facts_flags(command, flags.facts);
  command.add_option("--os", flags.os, "of the node pools")
      .one_of({"linux", "windows"})
      .shows_default();
  command.add_flag("--gpu", flags.gpu, "the cluster has GPU nodes");
  command.add_flag("--all", flags.all, "recommended and optional endpoints as well");
  command.add_option("--name", flags.names, "what to probe for a wildcard; may be repeated")
      .value_name("PATTERN=NAME");
  for (const auto& [name, path, help] :
       {std::tuple{"--trusted-ca", &flags.trusted_ca,
                   "PEM file of CAs, in place of the configuration's trustedCa"},
        std::tuple{"--roots", &flags.roots, "PEM file of public roots, in place of this system's"},
        std::tuple{"--cluster-ca", &flags.cluster_ca, "PEM file of the cluster's CA"},
        std::tuple{"--proxy-log", &flags.proxy_log,
                   "the proxy's access log (JSON): proves what it did not see"}}) {
    command.add_option(name, *path, help).value_name("FILE");
  }
  command.add_flag("--closed", flags.closed,
                   "prove, too, that required endpoints do not answer without the proxy");
  command.add_flag("--elsewhere", flags.elsewhere, "not run on a node or pod: skip its addresses");
  const Option clients =
      command
          .add_option(
              "--clients", flags.clients,
              "run the installed clients instead of probes, in a network of their own or here")
          .alone_means("own")
          .one_of({"own", "here"});
  command.add_option("--timeout", flags.timeout, "for one probe")
      .value_name("DURATION")
      .shows_default();
  command.add_option("--at-once", flags.at_once, "probes side by side")
      .in_range(1, 256)
      .shows_default();
  command
      .add_option("--baseline", flags.baseline,
                  "an earlier report (JSON): shows what changed since")
      .value_name("FILE")
      .excludes(clients);
  command.add_flag("--json", flags.json, "print the report as JSON in place of the table");
  for (const auto& [name, path, help] :
       {std::tuple{"--json-file", &flags.json_file, "write the report as JSON as well"},
        std::tuple{"--junit", &flags.junit, "write a JUnit report as well"},
        std::tuple{"--html", &flags.html, "write a page as well"}}) {
    command.add_option(name, *path, help).value_name("FILE");
  }
}

}  // namespace

void add_check_command(Command app, int& exit_code) {
  const Command command =
      app.add_subcommand("check", "Prove that a cluster's endpoints are reached as they must be");
  const auto flags = std::make_shared<Flags>();
  add_flags(command, *flags);
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = run_check(*flags); });
}

}  // namespace cli
