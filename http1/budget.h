// Octets that a small server may hold, shared by its clients: none gets more than it leaves to
// others, so that there is always something left for one more.
#pragma once

#include <cstddef>
#include <map>

#include "base/ip.h"

namespace http1 {

class Budget {
 public:
  explicit Budget(std::size_t octets) : octets_(octets) {}

  // Whether `party` may hold `octets` more; they are counted if so.
  bool take(const base::IpAddress& party, std::size_t octets);
  // Gives back what was taken.
  void give(const base::IpAddress& party, std::size_t octets);

  std::size_t held() const { return held_; }

 private:
  std::size_t octets_;
  std::size_t held_ = 0;
  std::map<base::IpAddress, std::size_t> by_party_;  // nothing held, no entry
};

}  // namespace http1
