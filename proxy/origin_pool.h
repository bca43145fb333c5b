// Idle origin connections of a worker, kept for the next request to the same authority under the
// same configuration snapshot.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/ip.h"
#include "http/head.h"
#include "net/loop.h"
#include "net/timer_wheel.h"
#include "proxy/admin/metrics.h"
#include "proxy/admission.h"
#include "proxy/connection.h"
#include "proxy/runtime.h"
#include "tls/leaf_issuer.h"
#include "tls/peer_name.h"

namespace proxy {

struct OriginConnection {
  OriginConnection(std::unique_ptr<net::Socket> socket, const base::Endpoint& checked)
      : connection(std::move(socket)), endpoint(checked) {}

  Connection connection;
  base::Endpoint endpoint;  // the address that policy has checked
  RuntimePtr runtime;       // under which it was made, and its peer verified
  enum class Age : std::uint8_t { kFresh, kReused } age = Age::kFresh;
  // Of one client connection alone: whoever else sent on it might be taken for its user
  // (http::may_authenticate_connection). It stays so.
  enum class Sharing : std::uint8_t { kAnyClient, kOneClient } sharing = Sharing::kAnyClient;

  // While a stream of HTTP/2 uses it: descriptors are what places stand for. A session has one that
  // is for both its connections.
  Place place;

  // Of a connection with TLS on it: who was verified, and when that certificate is valid.
  struct Secured {
    tls::PeerName peer;
    tls::Validity validity;
    http::Protocol protocol = http::Protocol::kHttp1;
  };
  std::optional<Secured> secured;
};

class OriginPool final : private net::TimerWheel::Timer {
 public:
  struct Limits {
    std::uint32_t per_origin = 0;
    std::uint32_t total = 0;
    base::Millis idle{0};
  };

  OriginPool(net::Loop& loop, admin::Metrics& metrics) : loop_(loop), metrics_(metrics) {}
  ~OriginPool() override;

  // Takes the connection to `authority` that was used last, of those that are alive and
  // that `fits` is true of; the others stay. A connection on
  // which the origin has closed, or sent something nobody asked for, is thrown away; one whose time
  // is over is not given.
  using Fits = std::function<bool(const OriginConnection&)>;
  std::unique_ptr<OriginConnection> take(const std::string& authority, const void* snapshot,
                                         const Fits& fits);
  // Keeps a connection whose last exchange ended cleanly on both sides. Over a limit, which all
  // snapshots share, the connection idle for longest goes.
  void put(const std::string& authority, const void* snapshot,
           std::unique_ptr<OriginConnection> connection, const Limits& limits);
  // Closes all that is idle, as after a reload.
  void clear();
  // Closes all that is idle, and keeps nothing more, as when draining.
  void close();

  size_t size() const { return idle_.size(); }

 private:
  struct Idle;
  // Of the whole pool and of one authority; the most recently used last.
  using All = std::list<Idle>;
  using Same = std::vector<All::iterator>;
  // What is asked for at each request must not take longer the more others are idle.
  using ByAuthority = std::unordered_map<std::string, Same>;
  struct Idle {
    ByAuthority::value_type* authority;  // which has this one among its own
    const void* snapshot;                // identity of the Runtime's generation; never dereferenced
    std::unique_ptr<OriginConnection> connection;
    base::Instant until;
    admin::Counted counted;
  };

  // Takes it out of the pool. nullptr when it is alive no longer.
  std::unique_ptr<OriginConnection> take_out(All::iterator entry);
  // Sets the time at which all that is idle is looked at.
  void sweep_at(base::Instant when);
  void on_timer() override;
  All::iterator drop(All::iterator entry);

  net::Loop& loop_;
  admin::Metrics& metrics_;
  All idle_;
  ByAuthority by_authority_;  // no empty ones
  base::Instant sweep_at_ = base::kNever;
  base::Millis sweep_pause_{0};  // at least, between two sweeps
  enum class Keeping : std::uint8_t { kOn, kOver } keeping_ = Keeping::kOn;
};

}  // namespace proxy
