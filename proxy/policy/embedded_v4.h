// The IPv4 addresses inside an IPv6 address. A translator, tunnel or dual-stack kernel on the way
// turns these forms back into the IPv4 address, so that checking the outside alone is not enough.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ip.h"

namespace proxy::policy {

// Local NAT64 prefixes (RFC 8215) may put the address in several places (RFC 6052 §2.2): which one
// cannot be seen, so each is a guess.
enum class Certainty : std::uint8_t { kSure, kGuess };

struct EmbeddedV4 {
  base::IpAddress address;
  std::string_view form;  // in words: "IPv4-mapped (::ffff:0:0/96)"
  Certainty certainty = Certainty::kSure;
};

// A short list in place: four guesses and ISATAP are the most that one address holds.
class EmbeddedList {
 public:
  void add(const EmbeddedV4& embedded) {
    if (size_ < kMax) items_[size_++] = embedded;
  }
  const EmbeddedV4* begin() const { return items_; }
  const EmbeddedV4* end() const { return items_ + size_; }

 private:
  static constexpr std::size_t kMax = 5;
  EmbeddedV4 items_[kMax];
  std::size_t size_ = 0;
};

// Unwraps IPv4-mapped and IPv4-compatible (RFC 4291 §2.5.5), IPv4-translated (RFC 2765 §2.1), NAT64
// (RFC 6052), 6to4 (RFC 3056), Teredo's server and client (RFC 4380 §4) and ISATAP (RFC 5214 §6.1)
// addresses. Empty for IPv4 and for all others.
EmbeddedList embedded_v4(const base::IpAddress& address);

}  // namespace proxy::policy
