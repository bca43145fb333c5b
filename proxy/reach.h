// From a target to a connected origin: policy on the name, resolution, policy on every address, and
// a race over those that passed. Only checked addresses are dialled, and no name is looked up
// twice. Idle connections are judged for the client before they leave the pool.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/ip.h"
#include "base/result.h"
#include "http/target.h"
#include "net/dial_race.h"
#include "net/task.h"
#include "proxy/account.h"
#include "proxy/origin_pool.h"
#include "proxy/policy/engine.h"
#include "proxy/service.h"

namespace proxy {

class Reach {
 public:
  using Reached = base::Result<std::unique_ptr<OriginConnection>>;

  // What the origin's connection is counted as. A session's exchanges that come one after the other
  // need one at a time, which the session's place is for as well; streams may need one each.
  enum class Places : std::uint8_t { kOfSession, kOfEachDial };

  Reach(const Service& service, Places places) : service_(service), places_(places) {}

  // A new connection. Fails with what policy, the resolver, the limits or the network say; the
  // account has the rule, the address and the times. The account and target outlive the task.
  net::Task<Reached> connect(Account& account, const http::Authority& target, policy::Kind kind);
  // Another connection to an address that policy has judged for this exchange: neither is the name
  // looked up again, nor is the verdict touched.
  net::Task<Reached> again(Account& account, base::Endpoint endpoint);

  // An idle connection for a request that is forwarded, if this client is allowed to use one; else
  // nullptr. It was opened for another request that was allowed.
  std::unique_ptr<OriginConnection> pooled(Account& account, const http::Authority& target);
  // An idle connection of this client to the origin of a CONNECT that has TLS on it already, where
  // the tunnel is to be inspected; else nullptr. The name that the client will ask for is not known
  // yet; nearly always it is the one it asked for last.
  std::unique_ptr<OriginConnection> pooled_secured(Account& account,
                                                   const http::Authority& dialled);
  // Any idle connection of `key` that fits, with a place; else nullptr.
  std::unique_ptr<OriginConnection> take(Account& account, const std::string& key,
                                         const OriginPool::Fits& fits);
  // The key under which this client's TLS connections are kept for a CONNECT's target.
  std::string secured_key(const http::Authority& dialled) const;

  // The place of one more connection, empty where the session's is enough.
  base::Result<Place> enter(Account& account);

 private:
  void observe(Account& account, const http::Authority& target, policy::Kind kind,
               std::span<const base::IpAddress> addresses);
  Reached take_dialled(Account& account, base::Result<net::Dialled>& dialled, base::Instant since);

  Service service_;
  Places places_;
};

}  // namespace proxy
