// Happy Eyeballs: the first of a name's addresses that answers wins (RFC 8305 §4 and §5).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ip.h"
#include "base/result.h"
#include "net/loop.h"
#include "net/pot.h"
#include "net/socket.h"
#include "net/task.h"

namespace net {

// Families in turn, beginning with IPv6 if there is any; within a family the order stays
// (RFC 8305 §4, with a First Address Family Count of 1).
std::vector<base::IpAddress> interleave(const std::vector<base::IpAddress>& addresses);

struct Dialled {
  std::unique_ptr<Socket> socket;
  base::Endpoint endpoint;  // which of the addresses won
};

// Attempts of races beside the first of each, which need a descriptor more than a session is
// counted for: a pot that clients share, and the share of the one that dials. Both outlive the
// race.
struct SpareAttempts {
  Pot& pot;
  PotShare& share;
};

inline constexpr size_t kMaxAttempts = 4;

// Connects to one of `addresses`, which it interleaves: one attempt after the other, each after
// `attempt_delay` or as soon as an earlier one has failed. Up to kMaxAttempts go on side by side,
// as far as there are spare ones (nullopt: always); when all are taken the oldest makes room once
// it had its part of the time. The losers are closed before the winner is returned. `display_name`
// as in net/dial.h.
//
// When all fail, or at `deadline`, the most telling error is returned: kNoDescriptors, then
// kConnectRefused, kConnectTimeout, kConnectFailed, kConnectUnreachable (that of a family without a
// route says least).
Task<base::Result<Dialled>> dial_any(Loop& loop, std::vector<base::IpAddress> addresses,
                                     std::uint16_t port, base::Millis attempt_delay,
                                     base::Instant deadline, std::string display_name,
                                     std::optional<SpareAttempts> spare = std::nullopt);

}  // namespace net
