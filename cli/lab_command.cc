#include "cli/lab_command.h"

#include <csignal>
#include <iostream>
#include <memory>
#include <set>

#include "aks/catalogue.h"
#include "base/file.h"
#include "base/log.h"
#include "check/simulation/world.h"
#include "cli/exit_code.h"
#include "cli/lab_files.h"
#include "proxy/admin/probes.h"

namespace cli {
namespace {

constexpr std::uint16_t kHttpsPort = 443;
constexpr std::uint16_t kHttpPort = 80;

constexpr const char* kExamples = R"(Examples:
  sluice lab origins --listen 0.0.0.0 --address 172.31.250.10 --out /shared
  sluice lab origins --role cluster --listen 0.0.0.0 --out /shared
  sluice lab origins --role platform --listen 169.254.169.254

Serves until it gets TERM. Ports 443 and 80 need CAP_NET_BIND_SERVICE or the sysctl
net.ipv4.ip_unprivileged_port_start=0; --tls-port and --http-port choose others.)";

struct Flags {
  std::string role = "origins";
  std::string listen = "127.0.0.1";
  std::vector<std::string> addresses;  // by which clients or the proxy reach it
  std::vector<std::string> registry;
  std::string region = "westeurope";
  std::string fqdn = "aks-lab.hcp.westeurope.azmk8s.io";
  std::vector<std::string> addons;
  std::string out;  // directory; "": nothing is written
  std::string http_proxy_config;
  std::string probes;  // "" = off
  std::uint16_t tls_port = kHttpsPort;
  std::uint16_t http_port = kHttpPort;
  bool inspect = false;
};

base::Failure wrong(std::string sentence) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient, std::move(sentence));
}

base::Result<std::vector<std::string>> endpoint_names(const Flags& flags) {
  const auto catalogue = aks::Catalogue::embedded();
  if (!catalogue) return base::fail(catalogue.error());
  aks::Query query;
  query.region = flags.region;
  query.addons = flags.addons;
  query.at_least = aks::Need::kOptional;
  const auto selected = catalogue->select(query);
  if (!selected) return base::fail(selected.error());
  std::set<std::string> names;
  for (const aks::Endpoint& endpoint : *selected) {
    if (endpoint.via == aks::Route::kProxy && !endpoint.example.empty())
      names.insert(endpoint.example);
  }
  return std::vector<std::string>(names.begin(), names.end());
}

void wait_for_the_end(const sigset_t& signals) {
  int number = 0;
  ::sigwait(&signals, &number);
}

// Fails with the sentence for whoever gave the flags.
base::Result<check::WorldSpec> world_of(const Flags& flags) {
  const auto listen = base::IpAddress::parse(flags.listen);
  if (!listen) return wrong("--listen " + flags.listen + " is no address");
  for (const auto* list : {&flags.addresses, &flags.registry}) {
    for (const std::string& text : *list) {
      if (!base::IpAddress::parse(text)) return wrong(text + " is no address");
    }
  }
  check::WorldSpec spec;
  spec.address = *listen;
  spec.public_tls_port = spec.cluster_tls_port = flags.tls_port;
  spec.public_http_port = spec.platform_http_port = flags.http_port;
  spec.platform = check::WorldSpec::Platform::kAbsent;
  if (flags.role == "platform") {
    spec.platform = check::WorldSpec::Platform::kServed;
  } else if (flags.role == "cluster") {
    spec.cluster_names = {flags.fqdn, "kubernetes", "kubernetes.default", "kubernetes.default.svc",
                          "kubernetes.default.svc.cluster.local"};
    spec.cluster_names.insert(spec.cluster_names.end(), flags.addresses.begin(),
                              flags.addresses.end());
  } else {
    auto names = endpoint_names(flags);
    if (!names) return base::fail(names.error());
    spec.public_names = std::move(*names);
  }
  return spec;
}

base::Result<void> write_files(const Flags& flags, const check::WorldSpec& spec,
                               const check::World& world) {
  if (flags.out.empty() || flags.role == "platform") return {};
  if (flags.role == "cluster") {
    return base::replace_file(flags.out + "/cluster-ca.pem",
                              world.cluster_root().certificate().pem(), base::FileAccess::kAll);
  }
  LabPlan plan;
  plan.names = spec.public_names;
  plan.addresses = flags.addresses;
  if (plan.addresses.empty()) plan.addresses = {flags.listen};
  plan.registry = flags.registry;
  plan.tls_port = world.public_tls().port;  // for 0 was given what is free
  plan.http_port = world.public_http().port;
  if (flags.inspect) plan.tunnels = LabPlan::Tunnels::kInspected;
  plan.http_proxy_config = flags.http_proxy_config;
  return write_lab_files(flags.out, plan, world.public_root());
}

std::string describe(const Flags& flags, const check::WorldSpec& spec, const check::World& world) {
  if (flags.role == "platform") {
    return "serving the platform's address on " + world.platform_http().to_string();
  }
  const base::Endpoint& shown = flags.role == "cluster" ? world.cluster_tls() : world.public_tls();
  return "serving " + std::to_string(spec.public_names.size() + spec.cluster_names.size()) +
         " names on " + shown.to_string();
}

int serve(const Flags& flags) {
  const auto spec = world_of(flags);
  if (!spec) return complain(spec.error().detail, kWrongUsage);
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT}) ::sigaddset(&signals, number);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const auto world = check::World::start(*spec);
  if (!world) return complain(world.error().detail, kEnvironmentTrouble);
  const base::Result<void> written = write_files(flags, *spec, **world);
  if (!written) return complain(written.error());
  // Only now, since others wait for the files by this.
  std::unique_ptr<proxy::admin::Probes> probes;
  if (!flags.probes.empty()) {
    const auto endpoint = base::Endpoint::parse(flags.probes);
    if (!endpoint) {
      return complain("--probes " + flags.probes + " is no address and port", kWrongUsage);
    }
    auto started = proxy::admin::Probes::start(*endpoint, [] { return true; });
    if (!started) return complain(started.error().detail, kEnvironmentTrouble);
    probes = std::move(*started);
    base::log_info("probes on http://" + probes->endpoint().to_string());
  }
  base::log_info(describe(flags, *spec, **world));
  wait_for_the_end(signals);
  return 0;
}

}  // namespace

void add_lab_command(Command app, int& exit_code) {
  const Command lab = app.add_subcommand("lab", "Servers for a lab of several machines");
  lab.needs_subcommand();
  const Command origins = lab.add_subcommand(
      "origins", "Stand for the endpoints of AKS, a cluster, or an address of the platform");
  const auto flags = std::make_shared<Flags>();
  origins.add_option("--role", flags->role, "what to stand for")
      .one_of({"origins", "cluster", "platform"})
      .shows_default();
  origins.add_option("--listen", flags->listen, "address to listen on").shows_default();
  origins.add_option("--address", flags->addresses,
                     "by which it is reached; may be repeated; default --listen");
  origins.add_option("--tls-port", flags->tls_port, "for HTTPS").shows_default();
  origins.add_option("--http-port", flags->http_port, "for HTTP").shows_default();
  origins.add_option("--region", flags->region, "whose endpoints").shows_default();
  origins.add_option("--addon", flags->addons, "may be repeated");
  origins.add_option("--fqdn", flags->fqdn, "of the API server (role cluster)").shows_default();
  const Option out = origins.add_option(
      "--out", flags->out,
      "write roots, keys, a sluice.yaml and what else the lab needs into this directory");
  origins.add_flag("--inspect", flags->inspect, "have that sluice.yaml look into TLS").needs(out);
  origins
      .add_option("--registry", flags->registry,
                  "address of a server that has mcr.microsoft.com, by the certificate that is "
                  "written; may be repeated")
      .needs(out);
  origins
      .add_option("--http-proxy-config", flags->http_proxy_config,
                  "write this file with the proxy's CA as trustedCa, too")
      .value_name("FILE")
      .needs(out);
  origins.add_option(
      "--probes", flags->probes,
      "ADDRESS:PORT that answers /readyz once all is written, for sluice healthcheck");
  origins.footer(kExamples);
  origins.callback([flags, &exit_code] { exit_code = serve(*flags); });
}

}  // namespace cli
