// What ties a client's and an origin's connection together, whatever they are made of: Relay moves
// bytes between sockets through the kernel, StreamRelay between streams with layers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"

namespace net {

struct RelayLimits {
  // Nothing moves in either direction, or one side does not take what is in flight for it (noticed
  // after twice that time at the latest).
  base::Millis idle{0};
  // Nothing moves after one direction has ended; at most `idle` counts.
  base::Millis half_closed{0};
  base::Instant until = base::kNever;
};

// What the limits of a tunnel are held against.
struct TunnelStatus {
  struct Flow {
    bool in_flight = false;  // octets wait for the sink
    base::Instant moved_at;  // of octets, or of their end
    base::Party sink = base::Party::kOrigin;
  };
  std::array<Flow, 2> flows;
  bool half_closed = false;
};

// Until when the tunnel may be as it is.
base::Instant quiet_until(const RelayLimits& limits, const TunnelStatus& status);

// Which limit is over, if any: the error names it.
std::optional<base::Error> overdue(const RelayLimits& limits, const TunnelStatus& status,
                                   base::Instant now);

// A side that lets what is sent to it wait for too long; `limit` is the key that says how long.
base::Error not_taken(base::Party side, std::string_view limit);

struct RelayOutcome {
  std::uint64_t to_origin = 0;  // octets
  std::uint64_t to_client = 0;
  std::optional<base::Error> error;  // none: both sides ended in good order
};

class Tunnel {
 public:
  class Listener {
   public:
    // Called once when everything is over, from the loop or from `start` and `stop`. Must not
    // destroy the tunnel, but may defer that (Loop::defer).
    virtual void on_relay_end(RelayOutcome outcome) = 0;

   protected:
    ~Listener() = default;
  };

  virtual ~Tunnel() = default;

  // Nothing moves before.
  virtual void start() = 0;
  // Ends the tunnel as if the error had happened.
  virtual void stop(base::Error error) = 0;

  virtual std::uint64_t to_origin() const = 0;
  virtual std::uint64_t to_client() const = 0;

 protected:
  Tunnel() = default;
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;
};

}  // namespace net
