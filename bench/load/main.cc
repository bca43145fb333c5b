// sluice-load: puts load on an HTTP proxy and measures what that costs.
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iostream>
#include <optional>

#include "bench/load/options.h"
#include "bench/load/origin.h"
#include "bench/load/process.h"
#include "bench/load/report.h"
#include "bench/load/scenario.h"
#include "bench/load/tls_end.h"
#include "tls/authority.h"

namespace {

constexpr int kFailedOperations = 1;
constexpr int kEnvironmentTrouble = 3;

// A source address has 28 000 ports by default; some of them are still in TIME-WAIT.
constexpr std::size_t kConnectionsPerSource = 4000;
constexpr std::size_t kFewestSources = 8;

constexpr std::chrono::hours kCaValid{24};

int trouble(const std::string& what) {
  std::cerr << "sluice-load: " << what << "\n";
  return kEnvironmentTrouble;
}

void raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::vector<base::IpAddress> sources(const load::Options& options) {
  static const base::Cidr loopback(base::IpAddress::v4({127, 0, 0, 0}), 8);
  if (!loopback.contains(options.proxy.address)) return {};
  const std::size_t idle = std::max<std::size_t>(options.idle, 10'000);
  const std::size_t needed = std::max(kFewestSources, idle / kConnectionsPerSource + 1);
  return load::addresses_from(base::IpAddress::v4({127, 78, 0, 1}),
                              options.sources > 0 ? options.sources : needed);
}

int serve_only(const load::Origin& origin) {
  std::cout << origin.endpoints().front().to_string() << std::endl;
  if (!origin.tls_endpoints().empty()) {
    std::cout << "tls " << origin.tls_endpoints().front().to_string() << std::endl;
  }
  sigset_t ends;
  ::sigemptyset(&ends);
  for (const int number : {SIGTERM, SIGINT, SIGCHLD}) ::sigaddset(&ends, number);
  ::pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  int number = 0;
  while (::sigwait(&ends, &number) != 0) continue;
  return number == SIGCHLD ? trouble("the origin process has died") : 0;
}

// Who load goes to: our own origin, or one that runs elsewhere.
struct Targets {
  std::optional<load::Origin> origin;
  std::vector<base::Endpoint> plain;
  std::vector<base::Endpoint> tls;
};

base::Result<Targets> find_targets(const load::Options& options) {
  const auto addresses = options.origins > 1
                             ? load::addresses_from(options.origin.address, options.origins)
                             : std::vector{options.origin.address};
  Targets targets;
  if (options.external) {
    for (const auto& address : addresses) targets.plain.push_back({address, options.origin.port});
    targets.tls = targets.plain;
    return targets;
  }
  std::optional<load::ServerTls> tls;
  if (!options.origin_ca.empty()) {
    const auto now = base::wall_now();
    auto made = tls::Authority::create({"sluice-load origin", now - kCaValid, now + kCaValid});
    if (!made) return base::fail(std::move(made).error());
    using Tickets = load::ServerTls::Tickets;
    tls.emplace(
        load::ServerTls{std::move(*made), options.tickets ? Tickets::kGiven : Tickets::kNone});
    std::ofstream file(options.origin_ca);
    file << tls->authority.certificate().pem();
    if (!file.flush()) {
      return base::fail(base::ErrorCode::kIo, base::Party::kProxy,
                        "--origin-ca " + options.origin_ca + " can't be written");
    }
  }
  auto started = load::Origin::start(addresses, options.origin.port, tls);
  if (!started) return base::fail(std::move(started).error());
  targets.origin.emplace(std::move(*started));
  targets.plain = targets.origin->endpoints();
  targets.tls = targets.origin->tls_endpoints();
  return targets;
}

int run(const load::Options& options) {
  raise_descriptor_limit();
  ::signal(SIGPIPE, SIG_IGN);
  if (options.pid && !load::process_exists(*options.pid)) {
    return trouble("there is no process " + std::to_string(*options.pid) +
                   " to read the CPU time of");
  }
  const auto targets = find_targets(options);
  if (!targets) return trouble(targets.error().detail);
  if (options.modes.front() == load::Mode::kOrigin) return serve_only(*targets->origin);
  std::optional<load::TlsClients> clients;
  if (!options.ca.empty()) {
    auto made = load::TlsClients::create(options.ca);
    if (!made) return trouble(made.error().detail);
    clients.emplace(std::move(*made));
  }
  load::Route plain(options.via, options.proxy, targets->plain, sources(options));
  load::Route tls(options.via, options.proxy, targets->tls, sources(options));
  bool failed = false;
  for (const load::Mode mode : options.modes) {
    const auto report =
        load::run_mode(mode, options, inspects(mode) ? tls : plain, clients ? &*clients : nullptr);
    if (!report) return trouble(report.error().detail);
    failed = failed || report->failed() > 0;
    std::cout << load::to_json(*report, options) << std::endl;
  }
  return failed ? kFailedOperations : 0;
}

}  // namespace

int main(int argc, char** argv) {
  const load::Parsed parsed = load::parse_options(argc, argv);
  return parsed.options ? run(*parsed.options) : parsed.exit_code;
}
