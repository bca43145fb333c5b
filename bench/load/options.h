// What sluice-load is asked to do.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.h"
#include "bench/load/route.h"

namespace load {

enum class Mode : std::uint8_t {
  kConnect,
  kForward,
  kPing,
  kDown,
  kUp,
  kIdle,
  kChurn,
  kInspect,
  kInspectFresh,
  kInspectIdle,
  kOrigin
};
std::string_view name_of(Mode mode);
// Whether its connections are TLS through a proxy that inspects them.
bool inspects(Mode mode);

struct Options {
  std::vector<Mode> modes;
  base::Endpoint proxy;
  Via via = Via::kHttpProxy;
  std::optional<pid_t> pid;

  std::optional<std::size_t> lanes;  // nullopt: the mode's own
  std::optional<std::uint64_t> operations;
  std::chrono::nanoseconds time{0};
  double rate = 0;
  std::size_t idle = 0;
  std::optional<std::uint64_t> body;
  std::chrono::nanoseconds warm_up{0};
  std::chrono::nanoseconds patience{0};

  base::Endpoint origin;  // the first address of ours, or with `external` someone else's
  bool external = false;
  std::size_t origins = 0;
  std::size_t sources = 0;  // 0: as many as the connections need
  std::string ca;           // file of authorities that inspect trusts
  bool tickets = true;      // the origin lets clients resume their TLS
  std::string origin_ca;    // file that the authority of our origin's TLS side is written to
  bool progress = false;
};

// Parses the command line. Returns options, or the exit code: 0 for --help, else 2 with the problem
// on standard error.
struct Parsed {
  std::optional<Options> options;
  int exit_code = 0;
};
Parsed parse_options(int argc, char** argv);

}  // namespace load
