#include "bench/load/scenario.h"

#include <sys/resource.h>

#include <memory>

#include "bench/load/exchange_lanes.h"
#include "bench/load/inspect_lane.h"
#include "bench/load/live_line.h"
#include "bench/load/ping_lane.h"
#include "bench/load/process.h"

namespace load {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::size_t kOpening = 64;  // idle tunnels that are being opened at a time
constexpr milliseconds kSettle{300};  // until the proxy has dealt with what was closed
constexpr std::size_t kOtherDescriptors = 64;
constexpr std::size_t kDefaultIdle = 10'000;
constexpr double kChurnRate = 500;

using Lanes = std::vector<std::unique_ptr<Lane>>;

std::vector<Lane*> pointers(const Lanes& lanes) {
  std::vector<Lane*> all;
  for (const auto& lane : lanes) all.push_back(lane.get());
  return all;
}

std::size_t default_lanes(Mode mode) {
  switch (mode) {
    case Mode::kPing: return 64;
    case Mode::kDown:
    case Mode::kUp: return 4;
    case Mode::kChurn: return 256;
    case Mode::kIdle:
    case Mode::kInspectIdle: return 0;
    default: return 32;
  }
}

std::uint64_t default_body(Mode mode) {
  return mode == Mode::kDown || mode == Mode::kUp ? 64 * 1024 * 1024 : 1024;
}

bool only_holds(Mode mode) { return mode == Mode::kIdle || mode == Mode::kInspectIdle; }

std::unique_ptr<Lane> make_lane(Mode mode, Poller& poller, Route& route, std::uint64_t body,
                                const TlsClients* clients) {
  switch (mode) {
    case Mode::kForward: return std::make_unique<ForwardLane>(poller, route, body);
    case Mode::kPing: return std::make_unique<PingLane>(poller, route);
    case Mode::kDown: return std::make_unique<DownloadLane>(poller, route, body);
    case Mode::kUp: return std::make_unique<UploadLane>(poller, route, body);
    case Mode::kInspect:
      return std::make_unique<InspectLane>(poller, route, body, *clients, Leaf::kCached,
                                           Afterwards::kClose);
    case Mode::kInspectFresh:
      return std::make_unique<InspectLane>(poller, route, body, *clients, Leaf::kFresh,
                                           Afterwards::kClose);
    default: return std::make_unique<ConnectLane>(poller, route, body);
  }
}

class Scenario {
 public:
  Scenario(Mode mode, const Options& options, Route& route, const TlsClients* clients)
      : options_(options), route_(route), clients_(clients) {
    report_.mode = mode;
    report_.lanes = only_holds(mode) ? 0 : options.lanes.value_or(default_lanes(mode));
    report_.body = options.body.value_or(default_body(mode));
    report_.rate = mode == Mode::kChurn && options.rate == 0 ? kChurnRate : options.rate;
    const bool holds = only_holds(mode) || mode == Mode::kChurn;
    report_.idle.tunnels = holds && options.idle == 0 ? kDefaultIdle : options.idle;
  }

  base::Result<void> check_descriptors() const {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    const std::size_t needed = report_.idle.tunnels + report_.lanes + kOtherDescriptors;
    if (needed <= limit.rlim_cur) return {};
    return base::fail(base::ErrorCode::kNoDescriptors, base::Party::kProxy,
                      std::string(name_of(report_.mode)) + " needs " + std::to_string(needed) +
                          " descriptors and the limit is " + std::to_string(limit.rlim_cur) +
                          "; raise it (ulimit -Hn, LimitNOFILE=) or lower --idle and --lanes");
  }

  Report run() {
    open_idle();
    if (only_holds(report_.mode)) {
      measure([this] { rest(options_.time); });
      report_.outcome.took = options_.time;
    } else {
      drive();
    }
    check_idle();
    return std::move(report_);
  }

 private:
  Limits limits(std::size_t in_flight) const {
    Limits limits;
    limits.in_flight = in_flight;
    limits.patience = options_.patience;
    return limits;
  }

  Outcome window(const std::vector<Lane*>& lanes, const Limits& limits, std::string_view what) {
    LiveLine line(options_.progress, std::string(name_of(report_.mode)) + " " + std::string(what));
    return Window(
               poller_, lanes, limits,
               [&line](const Outcome& o, base::Instant now) { line.show(o.done, o.failed, now); })
        .run();
  }

  std::unique_ptr<Lane> make_idle_lane() {
    if (report_.mode != Mode::kInspectIdle) return std::make_unique<PingLane>(poller_, route_);
    return std::make_unique<InspectLane>(poller_, route_, report_.body, *clients_, Leaf::kCached,
                                         Afterwards::kHold);
  }

  // One operation in each of `lanes`, of which none is asked twice.
  Outcome ping_all(const Lanes& lanes, std::string_view what) {
    Limits each = limits(kOpening);
    each.operations = lanes.size();
    each.failures = kOpening;  // a proxy that is full stays full
    return window(pointers(lanes), each, what);
  }

  void rest(nanoseconds time) {
    const base::Instant until = base::steady_now() + time;
    while (base::steady_now() < until) poller_.wait(until);
  }

  std::optional<std::uint64_t> pss() const {
    if (!options_.pid) return std::nullopt;
    return pss_kib(*options_.pid);
  }

  void open_idle() {
    if (report_.idle.tunnels == 0) return;
    {
      // What the proxy allocates once, for the first tunnels, is not the price of a tunnel.
      Lanes first;
      for (std::size_t i = 0; i < kOpening; ++i) first.push_back(make_idle_lane());
      ping_all(first, "first tunnels");
    }
    rest(kSettle);
    report_.idle.pss_before_kib = pss();
    for (std::size_t i = 0; i < report_.idle.tunnels; ++i) {
      idle_.push_back(make_idle_lane());
    }
    count_idle(ping_all(idle_, "opening tunnels"));
    rest(kSettle);
    report_.idle.pss_kib = pss();
  }

  void count_idle(const Outcome& outcome) {
    report_.idle.failed += outcome.failed;
    for (const auto& [why, times] : outcome.failures) report_.idle.failures[why] += times;
  }

  void check_idle() {
    if (idle_.empty()) return;
    count_idle(ping_all(idle_, "checking tunnels"));
    idle_.clear();
    rest(kSettle);
  }

  template <typename Work>
  void measure(Work work) {
    const nanoseconds machine = machine_busy();
    const CpuTime before = options_.pid ? cpu_time(*options_.pid) : CpuTime{};
    work();
    if (options_.pid) report_.proxy_cpu = cpu_between(before, cpu_time(*options_.pid));
    report_.machine_cpu = machine_busy() - machine;
    report_.pss_kib = pss();
  }

  void drive() {
    Lanes lanes;
    for (std::size_t i = 0; i < report_.lanes; ++i) {
      lanes.push_back(make_lane(report_.mode, poller_, route_, report_.body, clients_));
    }
    const std::vector<Lane*> all = pointers(lanes);
    // Each lane once, so that what persists is open, and then for the time asked for.
    Limits once = limits(kOpening);
    once.operations = all.size();
    report_.warm_up_failed += window(all, once, "opening").failed;
    Limits warm = limits(all.size());
    warm.time = options_.warm_up;
    warm.rate = report_.rate;
    if (options_.warm_up > nanoseconds(0))
      report_.warm_up_failed += window(all, warm, "warming up").failed;

    Limits limit = limits(all.size());
    limit.rate = report_.rate;
    if (options_.operations) {
      limit.operations = *options_.operations;
    } else {
      limit.time = options_.time;
    }
    measure([&] { report_.outcome = window(all, limit, "measuring"); });
  }

  const Options& options_;
  Route& route_;
  const TlsClients* clients_;
  Poller poller_;
  Report report_;
  Lanes idle_;
};

}  // namespace

base::Result<Report> run_mode(Mode mode, const Options& options, Route& route,
                              const TlsClients* clients) {
  Scenario scenario(mode, options, route, clients);
  const base::Result<void> possible = scenario.check_descriptors();
  if (!possible) return base::fail(possible.error());
  return scenario.run();
}

}  // namespace load
