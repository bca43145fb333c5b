#include "bench/load/options.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>

namespace load {
namespace {

constexpr int kWrongUsage = 2;

constexpr const char* kFooter = R"TEXT(Modes:
  connect  a tunnel, one request through it, its end
  forward  requests in absolute-form on persistent connections
  rr       64 octets to the origin and back, in tunnels that stay open
  down     downloads in tunnels that stay open
  up       uploads, the same way
  idle     opens --idle tunnels (10000) and holds them: memory per tunnel
  churn    connect at a fixed rate (500/s) beside --idle tunnels (10000)
  inspect  a new TLS connection through a proxy that inspects it, one request, its end
  inspect-fresh  the same, each time for a name that the proxy has never seen
  inspect-idle  opens --idle such connections (10000) and holds them: memory per connection
  origin   the origin alone, until it is told to end

Every operation verifies each octet it gets; what is wrong, cut short or late has failed. One line of
JSON a mode on standard output.

Examples:
  sluice-load --proxy 127.0.0.1:3128 connect
  sluice-load --proxy 127.0.0.1:3128 --pid "$(pidof sluice)" connect forward rr down up
  sluice-load --proxy 127.0.0.1:3128 --rate 2000 --seconds 10 connect
  sluice-load --proxy 127.0.0.1:3128 --pid "$(pidof squid)" --idle 1000 idle
  sluice-load --origin 127.77.0.1:8080 origin

Exit codes: 0 ok, 1 operations failed, 2 wrong usage, 3 trouble with the environment.)TEXT";

const std::map<std::string, Mode> kModes = {{"connect", Mode::kConnect},
                                            {"forward", Mode::kForward},
                                            {"rr", Mode::kPing},
                                            {"down", Mode::kDown},
                                            {"up", Mode::kUp},
                                            {"idle", Mode::kIdle},
                                            {"churn", Mode::kChurn},
                                            {"inspect", Mode::kInspect},
                                            {"inspect-fresh", Mode::kInspectFresh},
                                            {"inspect-idle", Mode::kInspectIdle},
                                            {"origin", Mode::kOrigin}};

bool is_loopback(const base::IpAddress& address) {
  static const base::Cidr v4(base::IpAddress::v4({127, 0, 0, 0}), 8);
  return v4.contains(address.unmapped()) || address == *base::IpAddress::parse("::1");
}

// What the strings of the command line were before they became Options.
struct Raw {
  std::vector<std::string> modes;
  std::string proxy;
  std::string origin = "127.77.0.1";
  double seconds = 3;
  double warm_up = 0.5;
  double timeout = 10;
  bool direct = false;
  bool allow_remote = false;
};

std::string mode_problem(const std::string& name) {
  if (kModes.contains(name)) return {};
  std::string names;
  for (const auto& [each, mode] : kModes) names += (names.empty() ? "" : ", ") + each;
  return name + " is no mode; expected one of " + names;
}

void define(CLI::App& app, Options& options, Raw& raw) {
  app.footer(kFooter);
  // As text, whose names a transformer to numbers would show beside octets that are no text.
  app.add_option("MODE", raw.modes, "One or more; see below")->required()->check(mode_problem);
  app.add_option("--proxy", raw.proxy, "The proxy's ADDRESS:PORT");
  app.add_option("--pid", options.pid,
                 "The proxy's process: read its CPU time and memory, children included");
  app.add_flag("--direct", raw.direct, "The proxy is a TCP relay to the origin: send no CONNECT");
  app.add_option("--seconds", raw.seconds, "Length of the measurement")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--ops", options.operations, "Instead of --seconds: end after so many operations")
      ->check(CLI::PositiveNumber);
  app.add_option("--lanes", options.lanes,
                 "Operations at a time [connect, forward 32; rr 64; down, up 4; churn 256]")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--rate", options.rate,
                 "Operations a second, due whatever the proxy does (open loop)")
      ->check(CLI::PositiveNumber);
  app.add_option("--idle", options.idle, "Idle tunnels beside the operations")
      ->check(CLI::Range(0, 1'000'000));
  app.add_option("--body", options.body,
                 "Octets of a response, or upload [1024; down, up 67108864]");
  app.add_option("--warmup", raw.warm_up, "Seconds before the measurement")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  app.add_option("--timeout", raw.timeout, "Seconds without progress until an operation has failed")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--origin", raw.origin, "First address of our origin, with a :PORT if it matters")
      ->capture_default_str();
  app.add_flag("--external", options.external,
               "--origin is served by another sluice-load, in mode origin");
  app.add_option("--origins", options.origins,
                 "Addresses the origin has, counted from the first [8]")
      ->default_val(8)
      ->check(CLI::Range(1, 250));
  app.add_option("--sources", options.sources,
                 "Addresses the clients have, from 127.78.0.1 on [as needed]")
      ->check(CLI::Range(1, 10'000));
  app.add_option("--ca", options.ca, "For inspect: the authority of the proxy's leaves, PEM");
  app.add_option(
      "--origin-ca", options.origin_ca,
      "The origin speaks TLS too; the authority for the proxy to trust goes to this file");
  app.add_flag("!--no-tickets", options.tickets, "The origin's TLS sessions can't be resumed");
  app.add_flag("--progress", options.progress,
               "A live line on standard error [when that is a terminal]");
  app.add_flag("--allow-remote", raw.allow_remote, "Allow addresses that are not loopback");
}

// Fills in what needs more than one option. Returns what is wrong, or nothing.
std::string complete(Options& options, const Raw& raw) {
  using std::chrono::duration;
  using std::chrono::duration_cast;
  using std::chrono::nanoseconds;
  const auto seconds = [](double s) { return duration_cast<nanoseconds>(duration<double>(s)); };
  for (const std::string& name : raw.modes) options.modes.push_back(kModes.at(name));
  options.time = seconds(raw.seconds);
  options.warm_up = seconds(raw.warm_up);
  options.patience = seconds(raw.timeout);
  options.via = raw.direct ? Via::kTcpRelay : Via::kHttpProxy;
  options.progress = options.progress || ::isatty(STDERR_FILENO) == 1;

  if (const auto address = base::IpAddress::parse(raw.origin)) {
    options.origin = {*address, 0};
  } else if (const auto endpoint = base::Endpoint::parse(raw.origin)) {
    options.origin = *endpoint;
  } else {
    return "--origin " + raw.origin +
           " is neither an address nor ADDRESS:PORT, as 127.77.0.1:8080 is";
  }
  const bool only_origin = options.modes == std::vector{Mode::kOrigin};
  if (!only_origin) {
    for (const Mode mode : options.modes) {
      if (mode == Mode::kOrigin) return "the mode origin goes with no other";
      if (mode == Mode::kForward && raw.direct)
        return "forward needs an HTTP proxy, and --direct says it is none";
    }
    if (raw.proxy.empty()) return "--proxy ADDRESS:PORT is missing";
    const auto proxy = base::Endpoint::parse(raw.proxy);
    if (!proxy) return "--proxy " + raw.proxy + " is not ADDRESS:PORT, as 127.0.0.1:3128 is";
    options.proxy = *proxy;
    if (!raw.allow_remote && !is_loopback(proxy->address)) {
      return raw.proxy + " is not a loopback address; --allow-remote lets load leave this machine";
    }
  }
  for (const Mode mode : options.modes) {
    if (!inspects(mode)) continue;
    if (options.ca.empty()) return "inspect needs --ca, the authority of the proxy's leaves";
    if (!options.external && options.origin_ca.empty())
      return "inspect needs --origin-ca, or --external";
  }
  if (options.external && only_origin) return "--external leaves the mode origin nothing to do";
  if (options.external && options.origin.port == 0) return "--external needs the port in --origin";
  if (!raw.allow_remote && !is_loopback(options.origin.address)) {
    return raw.origin + " is not a loopback address; --allow-remote lets others reach the origin";
  }
  if (!is_loopback(options.origin.address)) options.origins = 1;
  return {};
}

}  // namespace

std::string_view name_of(Mode mode) {
  for (const auto& [name, value] : kModes) {
    if (value == mode) return name;
  }
  return "";
}

bool inspects(Mode mode) {
  return mode == Mode::kInspect || mode == Mode::kInspectFresh || mode == Mode::kInspectIdle;
}

Parsed parse_options(int argc, char** argv) {
  CLI::App app{"Puts load on an HTTP proxy and measures it; client and origin in one program"};
  Options options;
  Raw raw;
  define(app, options, raw);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return {std::nullopt, app.exit(error) == 0 ? 0 : kWrongUsage};
  }
  if (const std::string problem = complete(options, raw); !problem.empty()) {
    std::cerr << "sluice-load: " << problem << "\n";
    return {std::nullopt, kWrongUsage};
  }
  return {std::move(options), 0};
}

}  // namespace load
