#include "cli/run_command.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "base/log.h"
#include "base/version.h"
#include "cli/config_watch.h"
#include "cli/exit_code.h"
#include "cli/inheritance.h"
#include "cli/load_config.h"
#include "cli/process.h"
#include "cli/running.h"
#include "cli/signals.h"
#include "cli/takeover.h"
#include "http/strictness.h"
#include "proxy/server.h"
#include "watch/watch.h"

namespace cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  sluice run                          embedded defaults: proxy on 127.0.0.1:3128, admin on 127.0.0.1:3129
  sluice run -c sluice.yaml           with a configuration file
  sluice run --listen 0.0.0.0:3128    override one key; --set KEY=VALUE does for all others
  sluice run -c sluice.yaml --watch   reload by itself when the file is replaced, as a ConfigMap is

Signals: HUP reloads the file, USR1 reopens the access log, USR2 starts the program anew without a dropped
connection (see sluice upgrade), TERM drains, a second TERM stops at once.)";

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

struct RunFlags {
  ConfigOptions config;
  std::string pid_file;
  bool watch = false;
};

// Says why the proxy does not start: to whoever reads standard error, and to a process that it was
// to follow. Returns `exit_code`.
int give_up(Takeover& takeover, const std::string& sentence, int exit_code) {
  takeover.give_up(sentence);
  return complain(sentence, exit_code);
}

// What the configuration says, once its problems are on standard error. nullopt, with the exit
// code, where it can't be used.
std::optional<config::Config> read_config(const ConfigOptions& options, Takeover& takeover,
                                          int& exit_code) {
  std::ostringstream problems;
  auto config = load_config(options, problems, exit_code);
  std::cerr << problems.str();
  if (!config) takeover.give_up("the configuration has problems: " + problems.str());
  return config;
}

int run(const RunFlags& flags) {
  const ProgramImage program = ProgramImage::running();
  auto inherited = take_inheritance();
  if (!inherited) return complain(inherited.error());
  Takeover takeover(std::move(inherited->predecessor));
  int code = 0;
  const std::string path = flags.watch ? config_path(flags.config) : "";
  if (flags.watch && path.empty()) {
    return give_up(takeover, "--watch needs a configuration file to look at: name one with -c",
                   kWrongUsage);
  }
  ConfigWatch file(path);
  const auto config = read_config(flags.config, takeover, code);
  if (!config) return code;
  const base::Result<void> strict = http::check_parser_strictness();
  if (!strict) return give_up(takeover, strict.error().detail, kEnvironmentTrouble);
  Signals signals{SIGUSR2};
  raise_descriptor_limit();  // each session needs two
  base::log_start(level_of(config->log_level));
  warn_of_root();
  if (holds_keys(config->tls)) keep_keys_out_of_cores();
  auto watch = watch::Watch::open(*config);
  if (!watch) {
    base::log_stop();
    return give_up(takeover, watch.error().detail, kEnvironmentTrouble);
  }
  auto server = proxy::Server::start(*config, **watch, std::move(inherited->sockets));
  if (!server) {
    base::log_stop();
    return give_up(takeover, server.error().detail, kEnvironmentTrouble);
  }
  announce(**server);
  const PidFile pid_file(flags.pid_file);
  const bool follows = takeover.under_way();  // and then the process before names this one
  const base::Result<void> named = follows ? base::Result<void>() : pid_file.write(::getpid());
  if (!named || !takeover.ready()) {
    (*server)->stop();
    base::log_stop();
    return complain(named ? "the process that was to be replaced has ended, or is about to"
                          : named.error().detail,
                    kEnvironmentTrouble);
  }
  const ServiceManager manager;
  manager.ready("serving");
  Running running(
      {**server, signals, flags.config, flags.watch ? &file : nullptr, manager, pid_file, program},
      config->timeouts);
  running.serve();
  (*server)->stop();
  base::log_info("stopped");
  base::log_stop();
  return 0;
}

}  // namespace

void add_run_command(Command app, int& exit_code) {
  const Command command = app.add_subcommand("run", "Run the proxy");
  const auto flags = std::make_shared<RunFlags>();
  add_config_options(command, flags->config);
  command
      .add_option("--pid-file", flags->pid_file,
                  "Write the process's number there, where `sluice upgrade` finds it")
      .value_name("FILE");
  command.add_flag("--watch", flags->watch,
                   "Reload when the configuration file is replaced, as at SIGHUP; Kubernetes "
                   "replaces it when its ConfigMap changes");
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = run(*flags); });
}

}  // namespace cli
