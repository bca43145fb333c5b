#include "cli/running.h"

#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "base/units.h"
#include "cli/process.h"

namespace cli {
namespace {

using std::chrono::milliseconds;

// How often a draining or retired proxy looks whether it is done.
constexpr milliseconds kDrainPoll{50};

// How often it looks how an upgrade goes.
constexpr milliseconds kUpgradePoll{20};

// How often it looks whether certificates and keys have changed.
constexpr milliseconds kFileLook{5000};

// The same when it looks at the configuration too, where two looks have to agree.
constexpr milliseconds kConfigLook{1000};

// Each line of `text` as one of the log, which waits for nobody.
void log_lines(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) base::log_error("reload: " + line);
}

void complain_of(const base::Result<void>& done) {
  if (!done) base::log_error(done.error().detail);
}

}  // namespace

base::LogLevel level_of(config::LogLevel level) {
  switch (level) {
    case config::LogLevel::kDebug: return base::LogLevel::kDebug;
    case config::LogLevel::kInfo: return base::LogLevel::kInfo;
    case config::LogLevel::kWarn: return base::LogLevel::kWarn;
    case config::LogLevel::kError: return base::LogLevel::kError;
  }
  return base::LogLevel::kInfo;
}

bool holds_keys(const config::Tls& tls) { return tls.inspects() || !tls.certificates.empty(); }

Running::Running(const Parts& parts, const config::Timeouts& timeouts)
    : parts_(parts),
      drain_limit_(timeouts.drain),
      upgrade_limit_(timeouts.upgrade),
      next_look_(base::steady_now() + file_look()),
      next_sign_(base::steady_now()) {}

void Running::serve() {
  while (life_ != Life::kEnding) {
    parts_.signals.allow(drain_limit_);
    on_signal(parts_.signals.wait_for(pause()));
    look_at_upgrade();
    look_at_files();
    feed_watchdog();
    if (life_ != Life::kRetired) continue;
    if (parts_.server.has_retired()) return base::log_info("the last session has ended");
    if (base::steady_now() >= retired_until_) {
      base::log_warn("timeouts.upgrade has passed with " +
                     std::to_string(parts_.server.sessions()) + " sessions open; ending them");
      return;
    }
  }
  drain();
}

milliseconds Running::pause() const {
  if (upgrade_) return kUpgradePoll;
  if (life_ == Life::kRetired) return kDrainPoll;
  const milliseconds watchdog = parts_.manager.watchdog() / 3;
  return watchdog.count() > 0 ? std::min(file_look(), watchdog) : file_look();
}

milliseconds Running::file_look() const { return parts_.file != nullptr ? kConfigLook : kFileLook; }

void Running::on_signal(int number) {
  switch (number) {
    case 0: return;
    case SIGHUP: return reload();
    case SIGUSR1: return parts_.server.reopen_logs();
    case SIGUSR2: return begin_upgrade();
    default: life_ = Life::kEnding;
  }
}

void Running::reload() {
  if (life_ == Life::kRetired)
    return base::log_info("reload: not here, another process serves now");
  parts_.manager.reloading();
  int ignored_code = 0;
  std::ostringstream problems;
  const auto config = load_config(parts_.options, problems, ignored_code);
  log_lines(problems.str());
  proxy::Server& server = parts_.server;
  if (!config) {
    server.count_failed_reload();
    base::log_error("reload: the configuration has problems (above); the running one is kept");
    return parts_.manager.ready("the last reload failed; the configuration before it is kept");
  }
  if (holds_keys(config->tls)) keep_keys_out_of_cores();
  const auto needs_restart = server.reload(*config);
  if (!needs_restart) {
    server.count_failed_reload();
    base::log_error("reload: " + needs_restart.error().detail + "; what runs is kept");
    return parts_.manager.ready("the last reload failed; the configuration before it is kept");
  }
  base::log_set_level(level_of(config->log_level));
  drain_limit_ = config->timeouts.drain;
  upgrade_limit_ = config->timeouts.upgrade;
  for (const std::string& key : *needs_restart) {
    base::log_warn("reload: a change of " + key + " takes effect at the next restart or upgrade");
  }
  base::log_info("reload: done; requests from now on follow " + server.running());
  parts_.manager.ready("serving");
}

void Running::begin_upgrade() {
  if (life_ == Life::kRetired)
    return base::log_info("upgrade: not here, another process serves now");
  if (upgrade_) return base::log_info("upgrade: one is under way already");
  const std::string obstacle = Upgrade::obstacle();
  if (!obstacle.empty()) return upgrade_failed(obstacle);
  base::log_info("upgrade: starting " + parts_.program.path);
  auto begun = Upgrade::begin(parts_.program, parts_.server.prepare_handover());
  if (!begun) return upgrade_failed(begun.error().detail);
  upgrade_.emplace(std::move(*begun));
}

void Running::look_at_upgrade() {
  if (!upgrade_) return;
  switch (upgrade_->look()) {
    case Upgrade::State::kUnderWay: return;
    case Upgrade::State::kFailed: upgrade_failed(upgrade_->why()); break;
    case Upgrade::State::kReady: retire(); break;
  }
  upgrade_.reset();
}

void Running::upgrade_failed(const std::string& why) {
  base::log_error("upgrade: " + why + "; this process serves on");
  complain_of(parts_.pid_file.note_upgrade("failed " + why));
}

void Running::retire() {
  if (life_ != Life::kServing) return;  // told to end: the new process hears of it and ends too
  const pid_t successor = upgrade_->successor();
  parts_.server.retire();
  complain_of(parts_.pid_file.write(successor));
  parts_.manager.main_process(successor);
  upgrade_->go_on();
  life_ = Life::kRetired;
  retired_until_ = base::steady_now() + upgrade_limit_;
  base::log_info("upgrade: process " + std::to_string(successor) + " serves now, with sluice " +
                 upgrade_->version() + "; this one ends with the last of its " +
                 std::to_string(parts_.server.sessions()) + " sessions, after " +
                 base::format_duration(upgrade_limit_) + " at most");
  complain_of(parts_.pid_file.note_upgrade("done " + std::to_string(successor) + " " +
                                           upgrade_->version()));
}

void Running::look_at_files() {
  if (life_ != Life::kServing || base::steady_now() < next_look_) return;
  parts_.server.refresh_tls();
  if (parts_.file != nullptr && parts_.file->has_changed()) reload();
  next_look_ = base::steady_now() + file_look();
}

// A worker that does not answer is a proxy that does not serve.
void Running::feed_watchdog() {
  const milliseconds watchdog = parts_.manager.watchdog();
  if (life_ != Life::kServing || watchdog.count() == 0 || base::steady_now() < next_sign_) return;
  next_sign_ = base::steady_now() + watchdog / 3;
  if (parts_.server.responds()) return parts_.manager.alive();
  base::log_error("a worker does not answer; without it the service manager is told nothing");
}

// Until every session has ended, the deadline passes, or a second signal says not to wait.
void Running::drain() {
  if (upgrade_) upgrade_->abandon();
  upgrade_.reset();
  proxy::Server& server = parts_.server;
  parts_.manager.stopping();
  base::log_info("draining: no new connections; waiting up to " +
                 base::format_duration(drain_limit_) + " for " + std::to_string(server.sessions()) +
                 " sessions (signal again to stop now)");
  server.drain();
  const base::Instant deadline = base::steady_now() + drain_limit_;
  while (server.sessions() > 0) {
    if (base::steady_now() >= deadline) {
      base::log_warn("drain deadline reached with " + std::to_string(server.sessions()) +
                     " sessions open; ending them");
      return;
    }
    const int number = parts_.signals.wait_for(kDrainPoll);
    if (number == SIGTERM || number == SIGINT) {
      base::log_warn("second signal: stopping at once");
      return;
    }
    if (number == SIGUSR1) server.reopen_logs();
  }
}

}  // namespace cli
