// One mode, from its first connection to its figures.
#pragma once

#include <optional>

#include "base/result.h"
#include "bench/load/options.h"
#include "bench/load/tls_end.h"
#include "bench/load/window.h"

namespace load {

struct IdleFigures {
  std::size_t tunnels = 0;
  std::uint64_t failed = 0;  // never opened, or dead when asked again at the end
  std::map<std::string, std::uint64_t> failures;  // by reason
  std::optional<std::uint64_t> pss_before_kib;
  std::optional<std::uint64_t> pss_kib;
};

struct Report {
  Mode mode = Mode::kConnect;
  std::size_t lanes = 0;
  double rate = 0;
  std::uint64_t body = 0;
  std::uint64_t warm_up_failed = 0;
  Outcome outcome;
  std::optional<std::chrono::nanoseconds> proxy_cpu;
  std::chrono::nanoseconds machine_cpu{0};
  std::optional<std::uint64_t> pss_kib;  // at the end of the measurement
  IdleFigures idle;

  std::uint64_t failed() const { return outcome.failed + warm_up_failed + idle.failed; }
};

// Runs `mode` through `route`. Fails with kNoDescriptors, before anything happens, when the process
// may not open what the mode needs. `clients` may be null but for inspect.
base::Result<Report> run_mode(Mode mode, const Options& options, Route& route,
                              const TlsClients* clients);

}  // namespace load
