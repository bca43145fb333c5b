// Connections from load balancers whose PROXY header is still to be read. Only then is the client
// known, judged and counted.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "base/ip.h"
#include "net/loop.h"
#include "net/pot.h"
#include "net/socket.h"
#include "proxy/admin/metrics.h"

namespace proxy {

class Arrivals {
 public:
  // A balancer writes its header at once, so that more than these waiting at one worker are no
  // clients' doing; further ones are closed. Balancers share them, so that one that is silent keeps
  // no other out.
  static constexpr std::uint32_t kMost = 1024;
  // `client` is whom the header names, or the balancer itself where it speaks for itself.
  using Entered =
      std::function<void(std::unique_ptr<net::Socket> socket, const base::Endpoint& client)>;

  // What is referred to outlives it.
  Arrivals(net::Loop& loop, admin::Counter& failures, std::uint32_t most = kMost);
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;
  ~Arrivals();

  // Calls `entered` from the loop once the header is whole. Without one by `deadline`, or with
  // another beginning, the connection is closed, counted as failure and, once a minute, told of in
  // the log.
  void add(std::unique_ptr<net::Socket> socket, const base::Endpoint& balancer,
           base::Instant deadline, Entered entered);
  bool empty() const { return waiting_.empty(); }
  // Closes all.
  void clear();

 private:
  class Arrival;

  bool take_place(const base::IpAddress& balancer);
  void over(Arrival& arrival);
  void fail(const base::Endpoint& balancer, const std::string& why);

  net::Loop& loop_;
  admin::Counter& failures_;
  net::Pot places_;
  std::map<base::IpAddress, net::PotShare> balancers_;  // those that have places
  std::unordered_map<Arrival*, std::unique_ptr<Arrival>> waiting_;
  base::Instant quiet_until_{};
};

}  // namespace proxy
