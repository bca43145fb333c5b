#include "cli/run_command.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>

#include "base/log.h"
#include "base/units.h"
#include "base/version.h"
#include "cli/config_watch.h"
#include "cli/exit_code.h"
#include "cli/load_config.h"
#include "cli/process.h"
#include "cli/signals.h"
#include "http/strictness.h"
#include "proxy/server.h"
#include "watch/watch.h"

namespace cli {
namespace {

using std::chrono::milliseconds;

// How often a draining proxy looks whether it is done.
constexpr milliseconds kDrainPoll{50};

// How often it looks whether certificates and keys have changed.
constexpr milliseconds kFileLook{5000};

// The same when it looks at the configuration too, where two looks have to agree.
constexpr milliseconds kConfigLook{1000};

constexpr const char* kExamples = R"(Examples:
  sluice run                          embedded defaults: proxy on 127.0.0.1:3128, admin on 127.0.0.1:3129
  sluice run -c sluice.yaml           with a configuration file
  sluice run --listen 0.0.0.0:3128    override one key; --set KEY=VALUE does for all others
  sluice run -c sluice.yaml --watch   reload by itself when the file is replaced, as a ConfigMap is

Signals: HUP reloads the file, USR1 reopens the access log, TERM drains, a second TERM stops at once.)";

base::LogLevel level_of(config::LogLevel level) {
  switch (level) {
    case config::LogLevel::kDebug: return base::LogLevel::kDebug;
    case config::LogLevel::kInfo: return base::LogLevel::kInfo;
    case config::LogLevel::kWarn: return base::LogLevel::kWarn;
    case config::LogLevel::kError: return base::LogLevel::kError;
  }
  return base::LogLevel::kInfo;
}

// Whether keys are read into memory that a core file would show.
bool holds_keys(const config::Tls& tls) { return tls.inspects() || !tls.certificates.empty(); }

void announce(const proxy::Server& server) {
  for (const base::Endpoint& endpoint : server.listening()) {
    base::log_info("listening on " + endpoint.to_string());
  }
  if (const base::Endpoint* admin = server.admin_endpoint()) {
    base::log_info("admin on http://" + admin->to_string());
  }
  if (const base::Endpoint* probes = server.probes_endpoint()) {
    base::log_info("probes on http://" + probes->to_string());
  }
  const std::uint32_t possible =
      proxy::sessions_by_descriptors(static_cast<unsigned>(server.workers()));
  if (server.max_sessions() > possible) {
    base::log_warn("limits.sessions is " + std::to_string(server.max_sessions()) +
                   ", but this process may open files for " + std::to_string(possible) +
                   " (two a session); raise its limit (LimitNOFILE=, ulimit -n) or lower the key");
  }
  base::log_info("configuration: " + server.running());
  base::log_info("sluice " + std::string(base::version()) +
                 " is ready: " + std::to_string(server.workers()) + " workers, up to " +
                 std::to_string(std::min(server.max_sessions(), possible)) + " sessions");
}

// Each line of `text` as one of the log, which waits for nobody.
void log_lines(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) base::log_error("reload: " + line);
}

void reload(proxy::Server& server, const ConfigOptions& options, milliseconds& drain_limit) {
  int ignored_code = 0;
  std::ostringstream problems;
  const auto config = load_config(options, problems, ignored_code);
  log_lines(problems.str());
  if (!config) {
    server.count_failed_reload();
    base::log_error("reload: the configuration has problems (above); the running one is kept");
    return;
  }
  if (holds_keys(config->tls)) keep_keys_out_of_cores();
  const auto needs_restart = server.reload(*config);
  if (!needs_restart) {
    server.count_failed_reload();
    base::log_error("reload: " + needs_restart.error().detail + "; what runs is kept");
    return;
  }
  base::log_set_level(level_of(config->log_level));
  drain_limit = config->timeouts.drain;
  for (const std::string& key : *needs_restart) {
    base::log_warn("reload: a change of " + key + " takes effect at the next restart");
  }
  base::log_info("reload: done; requests from now on follow " + server.running());
}

// Until every session has ended, the deadline passes, or a second signal says not to wait.
void drain(proxy::Server& server, Signals& signals, milliseconds limit) {
  base::log_info("draining: no new connections; waiting up to " + base::format_duration(limit) +
                 " for " + std::to_string(server.sessions()) +
                 " sessions (signal again to stop now)");
  server.drain();
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (server.sessions() > 0) {
    if (std::chrono::steady_clock::now() >= deadline) {
      base::log_warn("drain deadline reached with " + std::to_string(server.sessions()) +
                     " sessions open; ending them");
      return;
    }
    const int number = signals.wait_for(kDrainPoll);
    if (number == SIGTERM || number == SIGINT) {
      base::log_warn("second signal: stopping at once");
      return;
    }
    if (number == SIGUSR1) server.reopen_logs();
  }
}

enum class Watching { kNo, kYes };

int run(const ConfigOptions& options, Watching watching) {
  int code = 0;
  const std::string path = watching == Watching::kYes ? config_path(options) : "";
  if (watching == Watching::kYes && path.empty()) {
    return complain("--watch needs a configuration file to look at: name one with -c", kWrongUsage);
  }
  ConfigWatch file(path);
  const auto config = load_config(options, std::cerr, code);
  if (!config) return code;
  const base::Result<void> strict = http::check_parser_strictness();
  if (!strict) return complain(strict.error().detail, kEnvironmentTrouble);
  Signals signals;
  raise_descriptor_limit();  // each session needs two
  base::log_start(level_of(config->log_level));
  warn_of_root();
  if (holds_keys(config->tls)) keep_keys_out_of_cores();
  auto watch = watch::Watch::open(*config);
  if (!watch) {
    base::log_stop();
    std::cerr << "sluice: " << watch.error().detail << "\n";
    return kEnvironmentTrouble;
  }
  auto server = proxy::Server::start(*config, **watch);
  if (!server) {
    base::log_stop();
    return complain(server.error().detail, kEnvironmentTrouble);
  }
  announce(**server);
  milliseconds drain_limit = config->timeouts.drain;
  for (bool serving = true; serving;) {
    signals.allow(drain_limit);
    switch (signals.wait_for(path.empty() ? kFileLook : kConfigLook)) {
      case 0:
        (*server)->refresh_tls();
        if (file.has_changed()) reload(**server, options, drain_limit);
        break;
      case SIGHUP: reload(**server, options, drain_limit); break;
      case SIGUSR1: (*server)->reopen_logs(); break;
      default: serving = false;
    }
  }
  drain(**server, signals, drain_limit);
  (*server)->stop();
  base::log_info("stopped");
  base::log_stop();
  return 0;
}

}  // namespace

void add_run_command(Command app, int& exit_code) {
  const Command command = app.add_subcommand("run", "Run the proxy");
  const auto options = std::make_shared<ConfigOptions>();
  add_config_options(command, *options);
  const auto watch = std::make_shared<bool>(false);
  command.add_flag("--watch", *watch,
                   "Reload when the configuration file is replaced, as at SIGHUP; Kubernetes "
                   "replaces it when its ConfigMap changes");
  command.footer(kExamples);
  command.callback([options, watch, &exit_code] {
    exit_code = run(*options, *watch ? Watching::kYes : Watching::kNo);
  });
}

}  // namespace cli
