#include "check/clients/check_clients.h"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "aks/no_proxy/environment.h"
#include "check/clients/child.h"
#include "check/clients/judge.h"
#include "check/clients/program.h"
#include "check/clients/route_recorder.h"
#include "check/clients/sandbox.h"
#include "check/scratch_directory.h"

namespace check {
namespace {

using aks::no_proxy::Client;
using aks::no_proxy::Environment;
using namespace std::chrono_literals;

constexpr auto kVersionTime = 20s;
constexpr auto kBuildTime = 180s;
constexpr auto kRunTime = 120s;
constexpr char kControlList[] = "control.invalid";

struct Target {
  std::string url;
  aks::no_proxy::Destination to;
  std::string key;  // as the recorder names it
  aks::Route wanted;
};

using Hosts = std::map<std::string, base::IpAddress>;

std::vector<Target> targets_of(const std::vector<Probe>& probes) {
  std::vector<Target> targets;
  for (const Probe& probe : probes) {
    if (probe.kind == ProbeKind::kSkipped) continue;
    const bool http = probe.kind == ProbeKind::kPlainHttp || probe.kind == ProbeKind::kDirectHttp;
    const std::string scheme = http ? "http" : "https";
    Target target;
    target.to = aks::no_proxy::make_destination(scheme, probe.host, probe.port);
    target.url = scheme + "://" + target.to.authority + "/";
    target.key = target.to.canonical() + ":" + std::to_string(target.to.port());
    target.wanted = probe.route;
    targets.push_back(std::move(target));
  }
  return targets;
}

// An address for each name, from the range for benchmarks (RFC 2544).
Hosts hosts_of(const std::vector<Target>& targets) {
  Hosts hosts;
  for (const Target& target : targets) {
    if (target.to.address || hosts.contains(target.to.canonical())) continue;
    const size_t number = hosts.size() + 1;
    hosts[target.to.canonical()] = base::IpAddress::v4(
        {198, 18, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)});
  }
  return hosts;
}

std::set<std::uint16_t> ports_of(const std::vector<Target>& targets) {
  std::set<std::uint16_t> ports;
  for (const Target& target : targets) ports.insert(target.to.port());
  return ports;
}

class Clients {
 public:
  Clients(const LiveOptions& options, const std::string& list, std::vector<Target> targets,
          ClientsNetwork network, RouteRecorder& recorder, const Hosts& hosts)
      : targets_(std::move(targets)), network_(network), recorder_(recorder), hosts_(hosts) {
    const std::string proxy = "http://127.0.0.1:" + std::to_string(recorder.proxy_port());
    aks::HttpProxyConfig config = options.config;
    std::vector<aks::Finding> none;
    const auto own = aks::parse_proxy_url(proxy, aks::ProxyUrlUse::kVariable, "", none);
    if (config.http_proxy) config.http_proxy = own;
    if (config.https_proxy) config.https_proxy = own;
    told_ = aks::no_proxy::told_by_aks(config, list);
    control_ = aks::no_proxy::told_to_all(proxy, kControlList);
  }

  ClientRun run(const ClientProgram& program) const {
    ClientRun out;
    out.program = program.name;
    const std::string output = version_output(program);
    if (output.empty()) {
      out.skipped = "not installed";
      return out;
    }
    out.program += " " + to_string(parse_version(output));
    const Rules rules = program.rules(output);
    out.rules = rules.client;
    out.skipped = rules.unknown;
    if (rules.client && !prepare(program)) out.skipped = "its program could not be built";
    if (out.skipped.empty()) compare(program, *rules.client, out.routes);
    return out;
  }

 private:
  std::string in_scratch(std::string text) const {
    const size_t at = text.find("{dir}");
    return at == std::string::npos ? text : text.replace(at, 5, scratch_.path());
  }

  Arguments placed(const std::vector<std::string>& command) const {
    Arguments out;
    for (const std::string& part : command) {
      out.push_back(part.find("{dir}/") == 0 || part == "{dir}" ? in_scratch(part) : part);
    }
    return out;
  }

  // Nothing of the caller's environment but the path, so that the variables are these alone.
  Variables environment(const Environment& told) const {
    const char* path = std::getenv("PATH");
    Variables out = {std::string("PATH=") + (path == nullptr ? "/usr/bin:/bin" : path),
                     "HOME=" + scratch_.path(),
                     "LC_ALL=C.UTF-8",
                     "GIT_CONFIG_NOSYSTEM=1",
                     "GIT_TERMINAL_PROMPT=0",
                     "GIT_SSL_NO_VERIFY=1",
                     "NODE_USE_ENV_PROXY=1",
                     "GO111MODULE=off",
                     "GOTOOLCHAIN=local",
                     "CGO_ENABLED=0",
                     "GOCACHE=" + scratch_.path() + "/go"};
    std::string properties;
    for (const auto& [name, value] : told) {
      if (name.find('.') == std::string::npos) {
        out.push_back(name + "=" + value);
      } else {
        properties += " -D" + name + "=" + value;
      }
    }
    if (!properties.empty()) out.push_back("JAVA_TOOL_OPTIONS=" + properties.substr(1));
    return out;
  }

  // "" when the client is not there.
  std::string version_output(const ClientProgram& program) const {
    auto child = Child::start(program.version_command, environment({}), Child::Output::kCollected);
    if (!child || !child->succeed_by(base::steady_now() + kVersionTime)) return "";
    return child->output();
  }

  bool prepare(const ClientProgram& program) const {
    if (program.file.empty()) return true;
    std::ofstream file(scratch_.path() + "/" + program.file);
    file << program.content << std::flush;
    if (!file) return false;
    if (program.build.empty()) return true;
    auto child = Child::start(placed(program.build), environment({}), Child::Output::kDropped);
    return child && child->succeed_by(base::steady_now() + kBuildTime);
  }

  RouteRecorder::Arrivals run_once(const Arguments& arguments, const Environment& told) const {
    auto child = Child::start(arguments, environment(told), Child::Output::kDropped);
    if (!child) return {};
    return recorder_.record(child->descriptor(), base::steady_now() + kRunTime);
  }

  RouteRecorder::Arrivals arrivals(const ClientProgram& program, const Environment& told) const {
    const Arguments command = placed(program.command);
    if (program.urls == ClientProgram::Urls::kAtOnce) {
      Arguments all = command;
      for (const Target& target : targets_) all.push_back(target.url);
      return run_once(all, told);
    }
    RouteRecorder::Arrivals out;
    for (const Target& target : targets_) {
      Arguments one = command;
      one.push_back(target.url);
      RouteRecorder::Arrivals each = run_once(one, told);
      out.proxied.merge(each.proxied);
      out.direct.merge(each.direct);
    }
    return out;
  }

  static Seen seen_of(const RouteRecorder::Arrivals& arrivals, const std::string& key) {
    const bool proxied = arrivals.proxied.contains(key);
    const bool direct = arrivals.direct.contains(key);
    if (proxied && direct) return Seen::kBoth;
    if (proxied) return Seen::kProxy;
    return direct ? Seen::kDirect : Seen::kNowhere;
  }

  void compare(const ClientProgram& program, Client client,
               std::vector<ClientRoute>& routes) const {
    const RouteRecorder::Arrivals control = arrivals(program, control_);
    const RouteRecorder::Arrivals seen = arrivals(program, told_);
    const auto evidence =
        network_ == ClientsNetwork::kOwn ? Evidence::kOrigins : Evidence::kProxyOnly;
    for (const Target& target : targets_) {
      ClientRoute route;
      route.url = target.url;
      route.wanted = target.wanted;
      std::vector<base::IpAddress> resolved;
      if (const auto found = hosts_.find(target.to.canonical()); found != hosts_.end()) {
        resolved.push_back(found->second);
      }
      route.predicted = evaluate(client, told_, target.to, resolved);
      route.control = seen_of(control, target.key);
      route.seen = seen_of(seen, target.key);
      judge(route, evaluate(client, control_, target.to, resolved), evidence);
      routes.push_back(std::move(route));
    }
  }

  std::vector<Target> targets_;
  ClientsNetwork network_;
  RouteRecorder& recorder_;
  const Hosts& hosts_;
  Environment told_;
  Environment control_;
  ScratchDirectory scratch_{"clients"};
};

}  // namespace

base::Result<Report> check_clients(const LiveOptions& options, ClientsNetwork network) {
  const base::Instant began = base::steady_now();
  auto planned = plan_live(options);
  if (!planned) return base::fail(planned.error());
  Report report = std::move(planned->report);
  std::vector<Target> targets = targets_of(planned->plan.probes);
  Hosts hosts;
  if (network == ClientsNetwork::kOwn) {
    hosts = hosts_of(targets);
    const auto entered = enter_sandbox(hosts);
    if (!entered) return base::fail(entered.error());
  }
  const auto ports =
      network == ClientsNetwork::kOwn ? ports_of(targets) : std::set<std::uint16_t>{};
  const auto recorder = RouteRecorder::listen(ports, hosts);
  if (!recorder) return base::fail(recorder.error());
  const Clients clients(options, aks::join_no_proxy(report.no_proxy), std::move(targets), network,
                        **recorder, hosts);
  const auto programs = client_programs();
  for (const ClientProgram& program : programs) report.clients.push_back(clients.run(program));
  report.elapsed =
      std::chrono::duration_cast<std::chrono::milliseconds>(base::steady_now() - began);
  return report;
}

}  // namespace check
