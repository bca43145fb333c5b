#include "cli/aks_webhook_command.h"

#include <algorithm>
#include <iostream>
#include <memory>

#include "aks/webhook/reloader.h"
#include "aks/webhook/server.h"
#include "base/log.h"
#include "base/units.h"
#include "base/version.h"
#include "cli/aks_webhook_flags.h"
#include "cli/aks_webhook_manifests_command.h"
#include "cli/exit_code.h"
#include "cli/process.h"
#include "cli/signals.h"

namespace cli {
namespace {

// How often files are looked at.
constexpr std::chrono::milliseconds kPoll{1000};

constexpr const char* kExamples = R"(Examples:
  sluice aks webhook -f http-proxy-config.json --cert tls.crt --key tls.key \
      --fqdn demo-1a2b.hcp.westeurope.azmk8s.io --pod-cidr 10.244.0.0/16 --service-cidr 10.0.0.0/16
  sluice aks webhook manifests --self-signed -f http-proxy-config.json | kubectl apply -f -

POST /mutate takes reviews; GET /livez, /readyz and /metrics answer on the same port, and with
--probes the first two in plain HTTP on another. Files are read again when they change. Signals: HUP
reads them at once, TERM drains, a second TERM does not wait for the drain's end.

Exit codes: 0 stopped by a signal, 2 wrong usage or configuration, 3 trouble with the environment.)";

struct Flags {
  WebhookFlags pods;
  std::string certificate, key;
  std::string listen = "[::]:8443";
  std::string probes;
  std::string drain = "5s";
  std::size_t connections = aks::webhook::ServerOptions{}.connections;
  std::size_t threads = aks::webhook::ServerOptions{}.threads;
};

bool is_end(int signal) { return signal == SIGTERM || signal == SIGINT; }

void drain(aks::webhook::Server& server, Signals& signals, std::chrono::milliseconds limit) {
  server.drain();
  base::log_info("draining for " + base::format_duration(limit) +
                 ": not ready, connections end after their request");
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0 || is_end(signals.wait_for(left))) return;
  }
}

int serve(const Flags& flags) {
  auto sources = sources_of(flags.pods);
  if (!sources) return complain(sources.error());
  if (flags.certificate.empty() || flags.key.empty()) {
    return complain("name the serving certificate and its key with --cert FILE and --key FILE",
                    kWrongUsage);
  }
  sources->identity = {flags.certificate, flags.key};
  aks::webhook::ServerOptions options;
  const auto listen = base::Endpoint::parse(flags.listen);
  if (!listen) {
    return complain("--listen " + aks::cite(flags.listen) +
                        " is no address and port; expected one such as 0.0.0.0:8443",
                    kWrongUsage);
  }
  options.listen = *listen;
  if (!flags.probes.empty()) {
    const auto probes = base::Endpoint::parse(flags.probes);
    if (!probes) {
      return complain("--probes " + aks::cite(flags.probes) +
                          " is no address and port; expected one such as 0.0.0.0:8081",
                      kWrongUsage);
    }
    options.probes = *probes;
  }
  options.connections = std::min<std::size_t>(flags.connections, raise_descriptor_limit() / 2);
  options.threads = flags.threads;
  const auto drain_limit = base::parse_duration(flags.drain);
  if (!drain_limit) {
    return complain(
        "--drain " + aks::cite(flags.drain) + " is no duration; expected one such as 5s",
        kWrongUsage);
  }

  aks::webhook::Reloader reloader(*sources);
  auto injection = load_pods(*sources);
  if (!injection) return complain(injection.error());
  auto identity = aks::webhook::load_identity(*sources);
  if (!identity) return complain(identity.error());
  const auto not_after = identity->not_after;
  const std::vector<std::string> warnings = identity->warnings;
  const std::size_t variables = (*injection)->variables.size();
  aks::webhook::LiveSettings settings(std::move(*injection), std::move(*identity));
  aks::webhook::Metrics metrics;

  Signals signals;
  signals.allow(*drain_limit + options.request);
  base::log_start(base::LogLevel::kInfo);
  warn_of_root();
  keep_keys_out_of_cores();
  auto server = aks::webhook::Server::start(options, settings, metrics);
  if (!server) {
    base::log_stop();
    return complain(server.error());
  }
  for (const std::string& warning : warnings) base::log_warn(warning);
  base::log_info("listening on " + (*server)->endpoint().to_string());
  if (const base::Endpoint* probes = (*server)->probes()) {
    base::log_info("probes on http://" + probes->to_string());
  }
  base::log_info("sluice " + std::string(base::version()) +
                 " webhook is ready: " + std::to_string(variables) +
                 " variables, certificate valid until " + tls::to_string(not_after));
  while (!is_end(signals.wait_for(kPoll))) reloader.poll(settings, metrics);
  drain(**server, signals, *drain_limit);
  server->reset();
  base::log_info("stopped");
  base::log_stop();
  return 0;
}

}  // namespace

void add_aks_webhook(Command aks, int& exit_code) {
  const Command command =
      aks.add_subcommand("webhook", "Give pods their proxy variables at admission, as AKS does");
  const auto flags = std::make_shared<Flags>();
  add_aks_webhook_manifests(command, exit_code);
  add_webhook_flags(command, flags->pods);
  command.add_option("--cert", flags->certificate, "PEM file: the serving certificate's chain")
      .value_name("FILE");
  command.add_option("--key", flags->key, "PEM file: its key").value_name("FILE");
  command.add_option("--listen", flags->listen, "address and port").shows_default();
  command.add_option("--probes", flags->probes,
                     "address and port for GET /livez and /readyz in plain HTTP");
  command.add_option("--connections", flags->connections, "at once")
      .in_range(4, 65'536)
      .shows_default();
  command.add_option("--threads", flags->threads, "that answer reviews")
      .in_range(1, 64)
      .shows_default();
  command.add_option("--drain", flags->drain, "from TERM to the end").shows_default();
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = serve(*flags); });
}

}  // namespace cli
