#include "bench/load/ping_lane.h"

#include <algorithm>
#include <cstring>

#include "bench/load/origin.h"
#include "bench/load/pattern.h"

namespace load {

void PingLane::begin() {
  if (lost_) {
    lost_ = false;
    fail("tunnel ended while idle");
  } else if (state() == State::kOpen) {
    ping();
  } else {
    open(Kind::kTunnel);
  }
}

void PingLane::reset() {
  lost_ = false;
  ConnectionLane::reset();
}

void PingLane::on_open() { ping(); }

// Every message differs from the one before it, so that an old answer is not taken for a new one.
void PingLane::ping() {
  ++sequence_;
  const std::string_view filling = pattern_at(sequence_, kSize);
  std::copy(filling.begin(), filling.end(), message_.begin());
  message_[0] = kEchoMark;
  std::memcpy(&message_[1], &sequence_, sizeof sequence_);
  returned_ = 0;
  send({message_.data(), message_.size()});
}

void PingLane::on_octets(std::string_view octets) {
  const std::string_view sent(message_.data(), message_.size());
  if (octets != sent.substr(returned_, octets.size())) {
    fail("wrong octets returned");
    return;
  }
  returned_ += octets.size();
  if (returned_ < kSize) return;
  owner().on_body(kSize);
  owner().on_done(*this);
}

}  // namespace load
