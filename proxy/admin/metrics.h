// Counters of one worker, written by its thread and read by the admin thread: relaxed atomics,
// label sets closed (docs/metrics.md names them all).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/text_format.h"
#include "http/lint.h"

namespace proxy::admin {

using Counter = std::atomic<std::uint64_t>;

inline void bump(Counter& counter, std::uint64_t by = 1) {
  counter.fetch_add(by, std::memory_order_relaxed);
}

// One of those that a gauge counts, for as long as it lives.
class Counted {
 public:
  Counted() = default;
  explicit Counted(Counter& gauge) : gauge_(&gauge) { bump(gauge); }
  Counted(Counted&& other) noexcept : gauge_(std::exchange(other.gauge_, nullptr)) {}
  Counted& operator=(Counted&& other) noexcept {
    Counted before(std::move(*this));
    gauge_ = std::exchange(other.gauge_, nullptr);
    return *this;
  }
  ~Counted() {
    if (gauge_ != nullptr) gauge_->fetch_sub(1, std::memory_order_relaxed);
  }

 private:
  Counter* gauge_ = nullptr;
};

enum class SessionKind : std::uint8_t { kTunnel, kForward, kNone };
inline constexpr size_t kSessionKinds = 3;
inline constexpr size_t kErrorCodes = static_cast<size_t>(base::ErrorCode::kCancelled) + 1;

// Durations in fixed buckets, 1 ms to 64 s by powers of two, then +Inf.
struct Histogram {
  static constexpr size_t kBuckets = 18;
  std::array<Counter, kBuckets> buckets{};
  Counter sum_us{0};
  void observe(std::uint64_t us);
};

struct Metrics {
  Counter connections_accepted{0};
  Counter connections_open{0};                    // gauge
  Counter connections_rejected{0};                // over a limit, before a request was read
  Counter accept_pauses{0};                       // EMFILE/ENFILE
  Counter proxy_header_failures{0};               // connections of load balancers, closed
  Counter tunnels_open{0};                        // gauge
  std::array<Counter, kSessionKinds> requests{};  // by kind
  std::array<Counter, 6> responses{};             // by status class, [0] = nothing sent
  std::array<Counter, kErrorCodes> errors{};      // by error code
  std::array<Counter, http::kLints> lints{};      // by lint
  Counter denied{0};
  Counter would_deny{0};  // let through because policy.enforce is report
  Counter bytes_from_client{0};
  Counter bytes_to_client{0};
  Counter dns_queries{0};
  Counter dns_cache_hits{0};
  Counter dns_failures{0};
  Counter origin_connects{0};
  Counter origin_connect_failures{0};
  Counter origin_reuses{0};
  Counter origin_idle{0};  // gauge, pooled connections
  Counter origin_tls_failures{0};
  Counter inspected{0};             // tunnels in which a client accepted our certificate
  Counter inspections_rejected{0};  // by clients that don't believe our certificate
  Histogram dns_time;
  Histogram connect_time;
  Histogram first_byte_time;
};

struct ProcessFacts {
  std::uint64_t log_dropped = 0;
  std::uint64_t reloads_ok = 0;
  std::uint64_t reloads_failed = 0;
  bool draining = false;
  std::string version;
};

// Writes the sum over all workers, with HELP and TYPE for each family, and the process's own CPU,
// memory and descriptor figures.
void write_metrics(base::TextFormat& out, std::span<const Metrics* const> workers,
                   const ProcessFacts& facts);

}  // namespace proxy::admin
