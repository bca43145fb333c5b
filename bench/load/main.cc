// sluice-load: puts load on an HTTP proxy and measures what that costs.
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <optional>

#include "bench/load/options.h"
#include "bench/load/origin.h"
#include "bench/load/process.h"
#include "bench/load/report.h"
#include "bench/load/scenario.h"

namespace {

constexpr int kFailedOperations = 1;
constexpr int kEnvironmentTrouble = 3;

// A source address has 28 000 ports by default; some of them are still in TIME-WAIT.
constexpr std::size_t kConnectionsPerSource = 4000;
constexpr std::size_t kFewestSources = 8;

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
  sigset_t ends;
  ::sigemptyset(&ends);
  for (const int number : {SIGTERM, SIGINT, SIGCHLD}) ::sigaddset(&ends, number);
  ::pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  int number = 0;
  while (::sigwait(&ends, &number) != 0) continue;
  return number == SIGCHLD ? trouble("the origin process has died") : 0;
}

int run(const load::Options& options) {
  raise_descriptor_limit();
  ::signal(SIGPIPE, SIG_IGN);
  std::vector<base::Endpoint> endpoints;
  std::optional<load::Origin> origin;
  const auto addresses = options.origins > 1
                             ? load::addresses_from(options.origin.address, options.origins)
                             : std::vector{options.origin.address};
  if (options.external) {
    for (const auto& address : addresses) endpoints.push_back({address, options.origin.port});
  } else {
    auto started = load::Origin::start(addresses, options.origin.port);
    if (!started) return trouble(started.error().detail);
    origin.emplace(std::move(*started));
    endpoints = origin->endpoints();
  }
  if (options.modes.front() == load::Mode::kOrigin) return serve_only(*origin);
  if (options.pid && !load::process_exists(*options.pid)) {
    return trouble("there is no process " + std::to_string(*options.pid) +
                   " to read the CPU time of");
  }
  load::Route route(options.via, options.proxy, endpoints, sources(options));
  bool failed = false;
  for (const load::Mode mode : options.modes) {
    const auto report = load::run_mode(mode, options, route);
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
