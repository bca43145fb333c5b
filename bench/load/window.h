// Drives lanes for a while and tells what came of it. Every operation that a window begins ends in
// it, so that operations and the CPU time used between its ends belong together.
//
// Closed loop: a lane begins its next operation when the last one has ended; latency counts from
// there. Open loop: operations are due at a fixed rate whatever the proxy does, wait for a free
// lane when they must, and latency counts from when they were due.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "bench/load/histogram.h"
#include "bench/load/lane.h"

namespace load {

struct Limits {
  std::uint64_t operations = std::numeric_limits<std::uint64_t>::max();
  // After which none is begun; of a given number of operations, those left over have failed then.
  std::chrono::nanoseconds time = std::chrono::minutes(10);
  std::size_t in_flight = 0;  // at most
  double rate = 0;            // a second; 0 is a closed loop
  // After so many failures none is begun either, and those left over have failed with them.
  std::uint64_t failures = std::numeric_limits<std::uint64_t>::max();
  // An operation without progress for so long has failed, and so has one that is not done so long
  // after the last was begun.
  std::chrono::nanoseconds patience{0};
};

struct Outcome {
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
  std::map<std::string, std::uint64_t> failures;  // by reason
  std::uint64_t body_octets = 0;
  std::uint64_t reconnects = 0;
  std::uint64_t overdue = 0;  // due, and never begun for want of a free lane
  Histogram latency;          // of those done; of those overdue, how late they were at the end
  std::chrono::nanoseconds took{0};
};

class Window final : private Lane::Owner {
 public:
  // Called every now and then while it runs.
  using Watch = std::function<void(const Outcome& so_far, base::Instant now)>;

  Window(Poller& poller, const std::vector<Lane*>& lanes, Limits limits, Watch watch);
  Outcome run();

 private:
  void on_done(Lane& lane) override;
  void on_failed(Lane& lane, std::string_view why) override;
  void on_body(std::uint64_t octets) override { outcome_.body_octets += octets; }
  void on_reconnect() override { ++outcome_.reconnects; }

  bool issuing() const { return !over_ && issued_ < limits_.operations; }
  base::Instant due(std::uint64_t operation) const;
  void issue(base::Instant now);
  void begin(Lane& lane, base::Instant intended);
  void ended(Lane& lane);
  void look_after(base::Instant now);
  void give_up(base::Instant now);
  void stop_issuing(base::Instant now, const char* why);
  void count_overdue(base::Instant now);
  base::Instant next_wake(base::Instant now) const;

  Poller& poller_;
  const std::vector<Lane*>& lanes_;
  Limits limits_;
  Watch watch_;
  Outcome outcome_;
  std::deque<Lane*> free_;
  std::deque<std::pair<base::Instant, Lane*>> parked_;  // after a failure
  base::Instant start_;
  base::Instant next_look_;
  std::uint64_t issued_ = 0;
  std::size_t in_flight_ = 0;
  bool over_ = false;
  base::Instant over_since_ = base::kNever;  // when the last operation was begun
};

}  // namespace load
