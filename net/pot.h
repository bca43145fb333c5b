// A bounded number of places that clients who don't know of each other share.
//
// A client may take another place while it has fewer than kWeight times what is free then (dynamic
// thresholds, as switches share their buffers). So one client alone gets seven eighths of all, and
// two that grow side by side seven fifteenths each; as long as a place is free, whoever has none
// gets one. Nothing is taken back from anyone: of n clients that come one after the other and keep
// all they get, each leaves an eighth of what it found.
#pragma once

#include <cassert>
#include <cstdint>

namespace net {

// What one client has of one pot.
struct PotShare {
  std::uint32_t places = 0;
};

class Pot {
 public:
  static constexpr std::uint64_t kWeight = 7;

  explicit Pot(std::uint32_t places) : places_(places) {}

  bool may_take(const PotShare& share) const {
    const std::uint64_t free = places_ - std::uint64_t{taken_};
    return share.places < kWeight * free;
  }
  // False, and nothing happens, when the client may have no more.
  bool take(PotShare& share) {
    if (taken_ >= places_ || !may_take(share)) return false;
    ++taken_;
    ++share.places;
    return true;
  }
  void give_back(PotShare& share) {
    assert(share.places > 0 && "a place that was not taken");
    --taken_;
    --share.places;
  }

  std::uint32_t places() const { return places_; }
  std::uint32_t taken() const { return taken_; }

 private:
  std::uint32_t places_;
  std::uint32_t taken_ = 0;
};

}  // namespace net
