#include "cli/lab_command.h"

#include <csignal>
#include <iostream>
#include <memory>
#include <set>

#include "aks/catalogue.h"
#include "base/file.h"
#include "base/log.h"
#include "check/simulation/world.h"
#include "cli/ca_files.h"
#include "cli/exit_code.h"
#include "proxy/admin/probes.h"

namespace cli {
namespace {

constexpr std::uint16_t kHttpsPort = 443;
constexpr std::uint16_t kHttpPort = 80;

constexpr const char* kExamples = R"(Examples:
  sluice lab origins --listen 0.0.0.0 --address 172.31.250.10 --ca-out ca.pem --proxy-config-out sluice.yaml
  sluice lab origins --role cluster --listen 0.0.0.0 --ca-out cluster-ca.pem

Serves until it gets TERM. Ports 443 and 80 need CAP_NET_BIND_SERVICE or the sysctl
net.ipv4.ip_unprivileged_port_start=0; --tls-port and --http-port choose others.)";

struct Flags {
  std::string role = "origins";
  std::string listen = "127.0.0.1";
  std::string address;  // by which the proxy reaches the origins; "" = listen
  std::string region = "westeurope";
  std::string fqdn = "aks-lab.hcp.westeurope.azmk8s.io";
  std::vector<std::string> addons;
  std::string ca_out, proxy_config_out;
  std::string inspect;  // directory of the proxy's CA; "" = tunnels
  std::string probes;   // "" = off
  std::uint16_t tls_port = kHttpsPort;
  std::uint16_t http_port = kHttpPort;
};

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

// The configuration of a proxy that lets exactly these names through and finds them at `address`.
std::string proxy_config(const std::vector<std::string>& names, const std::string& address,
                         const Flags& flags) {
  std::string text =
      "# Made by `sluice lab origins`.\npolicy:\n  default_action: deny\n  connect_ports: [" +
      std::to_string(flags.tls_port) + "]\n  rules:\n    - name: aks-endpoints\n" +
      "      action: allow\n      ports: [" + std::to_string(flags.tls_port) + ", " +
      std::to_string(flags.http_port) + "]\n      addresses: [" + address + "]\n      hosts:\n";
  for (const std::string& name : names) text += "        - " + name + "\n";
  text += "dns:\n  hosts:\n";
  for (const std::string& name : names) {
    text += "    - {name: " + name + ", addresses: [" + address + "]}\n";
  }
  if (!flags.inspect.empty()) {
    const tls::AuthorityFiles files = current_ca(flags.inspect);
    text += "tls:\n  connect: inspect\n  ca_certificate: " + files.certificate +
            "\n  ca_key: " + files.key + "\n  origin_roots: [" + flags.ca_out + "]\n";
  }
  return text;
}

// The CA that the proxy inspects with: made here, since the lab's images have no shell to do it.
base::Result<void> make_inspection_ca(const Flags& flags) {
  if (flags.inspect.empty()) return {};
  NewCa spec;
  spec.name = "Sluice lab inspection CA";
  const auto authority = make_ca(spec);
  if (!authority) return base::fail(authority.error());
  auto saved = tls::save_authority(current_ca(flags.inspect), *authority);
  if (!saved) return base::fail(std::move(saved).error());
  return {};
}

// Whole or not at all, since others wait for the file to appear.
bool write_file(const std::string& path, const std::string& text) {
  if (path.empty()) return true;
  const base::Result<void> written = base::replace_file(path, text, base::FileAccess::kAll);
  if (!written) complain(written.error());
  return written.has_value();
}

void wait_for_the_end(const sigset_t& signals) {
  int number = 0;
  ::sigwait(&signals, &number);
}

int serve(Flags& flags) {
  const auto listen = base::IpAddress::parse(flags.listen);
  if (!listen) return complain("--listen " + flags.listen + " is no address", kWrongUsage);
  const std::string address = flags.address.empty() ? flags.listen : flags.address;
  if (!base::IpAddress::parse(address)) {
    return complain("--address " + address + " is no address", kWrongUsage);
  }
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT}) ::sigaddset(&signals, number);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  check::WorldSpec spec;
  spec.address = *listen;
  spec.public_tls_port = spec.cluster_tls_port = flags.tls_port;
  spec.public_http_port = flags.http_port;
  spec.platform = check::WorldSpec::Platform::kAbsent;
  const bool cluster = flags.role == "cluster";
  if (cluster) {
    spec.cluster_names = {flags.fqdn, "kubernetes", "kubernetes.default", "kubernetes.default.svc",
                          "kubernetes.default.svc.cluster.local"};
  } else {
    auto names = endpoint_names(flags);
    if (!names) return complain(names.error().detail, kWrongUsage);
    spec.public_names = std::move(*names);
  }
  const auto world = check::World::start(spec);
  if (!world) return complain(world.error().detail, kEnvironmentTrouble);
  const auto made = make_inspection_ca(flags);
  if (!made) return complain(made.error().detail, kEnvironmentTrouble);
  if (!cluster) {  // for 0 was given what is free
    flags.tls_port = (*world)->public_tls().port;
    flags.http_port = (*world)->public_http().port;
  }
  const tls::Authority& root = cluster ? (*world)->cluster_root() : (*world)->public_root();
  const bool written =
      write_file(flags.ca_out, root.certificate().pem()) &&
      write_file(flags.proxy_config_out, proxy_config(spec.public_names, address, flags));
  if (!written) return kEnvironmentTrouble;
  const base::Endpoint& shown = cluster ? (*world)->cluster_tls() : (*world)->public_tls();
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
  base::log_info("serving " + std::to_string(spec.public_names.size() + spec.cluster_names.size()) +
                 " names on " + shown.to_string());
  wait_for_the_end(signals);
  return 0;
}

}  // namespace

void add_lab_command(Command app, int& exit_code) {
  const Command lab = app.add_subcommand("lab", "Servers for a lab of several machines");
  lab.needs_subcommand();
  const Command origins =
      lab.add_subcommand("origins", "Stand for the endpoints of AKS, or for a cluster");
  const auto flags = std::make_shared<Flags>();
  origins.add_option("--role", flags->role, "what to stand for")
      .one_of({"origins", "cluster"})
      .shows_default();
  origins.add_option("--listen", flags->listen, "address to listen on").shows_default();
  origins.add_option("--address", flags->address,
                     "by which the proxy reaches it; default --listen");
  origins.add_option("--tls-port", flags->tls_port, "for HTTPS").shows_default();
  origins.add_option("--http-port", flags->http_port, "for HTTP").shows_default();
  origins.add_option("--region", flags->region, "whose endpoints").shows_default();
  origins.add_option("--addon", flags->addons, "may be repeated");
  origins.add_option("--fqdn", flags->fqdn, "of the API server (role cluster)").shows_default();
  origins.add_option("--ca-out", flags->ca_out, "write the root's certificate there");
  origins.add_option("--proxy-config-out", flags->proxy_config_out, "write a sluice.yaml there");
  origins.add_option("--inspect", flags->inspect,
                     "make a CA in this directory, with which that sluice.yaml inspects");
  origins.add_option(
      "--probes", flags->probes,
      "ADDRESS:PORT that answers /readyz once all is written, for sluice healthcheck");
  origins.footer(kExamples);
  origins.callback([flags, &exit_code] { exit_code = serve(*flags); });
}

}  // namespace cli
