// A proxy that serves, from its start to its end: what it does on signals, and its replacement by a
// new program.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "cli/config_watch.h"
#include "cli/load_config.h"
#include "cli/pid_file.h"
#include "cli/program_image.h"
#include "cli/service_manager.h"
#include "cli/signals.h"
#include "cli/upgrade.h"
#include "config/schema.h"
#include "proxy/server.h"

namespace cli {

base::LogLevel level_of(config::LogLevel level);

// Whether keys are read into memory that a core file would show.
bool holds_keys(const config::Tls& tls);

class Running {
 public:
  // All of it outlives this.
  struct Parts {
    proxy::Server& server;
    Signals& signals;
    const ConfigOptions& options;
    ConfigWatch* file;  // whose replacement is a reload; nullptr where none is
    const ServiceManager& manager;
    const PidFile& pid_file;
    const ProgramImage& program;
  };
  Running(const Parts& parts, const config::Timeouts& timeouts);

  // Returns once nothing is left to serve, or the time for that has passed, or a second signal said
  // so; the server is still to be stopped.
  void serve();

 private:
  std::chrono::milliseconds pause() const;
  std::chrono::milliseconds file_look() const;
  void on_signal(int number);
  void reload();
  void begin_upgrade();
  void look_at_upgrade();
  void upgrade_failed(const std::string& why);
  void retire();
  void look_at_files();
  void feed_watchdog();
  void drain();

  const Parts parts_;
  std::chrono::milliseconds drain_limit_;
  std::chrono::milliseconds upgrade_limit_;
  // kRetired: another process accepts, and this one serves what it had.
  enum class Life : std::uint8_t { kServing, kRetired, kEnding } life_ = Life::kServing;
  base::Instant retired_until_ = base::kNever;
  base::Instant next_look_;
  base::Instant next_sign_;  // for the watchdog
  std::optional<Upgrade> upgrade_;
};

}  // namespace cli
