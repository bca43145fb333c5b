// 64 octets to the origin and back, in a tunnel that persists.
#pragma once

#include <array>

#include "bench/load/connection_lane.h"

namespace load {

class PingLane final : public ConnectionLane {
 public:
  static constexpr std::size_t kSize = 64;

  PingLane(Poller& poller, Route& route) : ConnectionLane(poller, route) {}
  void begin() override;
  void reset() override;

 private:
  void on_open() override;
  void on_octets(std::string_view octets) override;
  void on_idle_end() override { lost_ = true; }
  void ping();

  std::array<char, kSize> message_{};
  std::size_t returned_ = 0;
  std::uint32_t sequence_ = 0;
  bool lost_ = false;  // the tunnel ended while nothing was asked of it
};

}  // namespace load
