// What a worker lends to its sessions. Everything is used on the worker's thread alone and outlives
// the sessions.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ip.h"
#include "base/result.h"
#include "net/direction.h"
#include "net/dns/resolver.h"
#include "net/loop.h"
#include "net/pot.h"
#include "proxy/account.h"
#include "proxy/admin/metrics.h"
#include "proxy/admission.h"
#include "proxy/h2/holdings.h"
#include "proxy/http_clock.h"
#include "proxy/inspect/found.h"
#include "proxy/ledger.h"
#include "proxy/neighbours.h"
#include "proxy/origin_pool.h"
#include "proxy/throttle.h"
#include "tls/leaf_cache.h"
#include "tls/session_cache.h"

namespace proxy {

// Who lets clients in.
class Doorkeeper {
 public:
  // Counts a stream of that client's that takes a connection of its own like a session; `key` is
  // the client's (proxy/neighbours.h). Else fails with the reason, and the account has the next
  // step.
  virtual base::Result<Place> enter_stream(Account& account, const base::IpAddress& client,
                                           const std::string& key) = 0;
  // A session that was counted in turns out to be another client's, or the error says why that one
  // may not have it. It is counted there in either case.
  virtual std::optional<base::Error> rename(const base::IpAddress& client, const std::string& from,
                                            const std::string& to) = 0;

 protected:
  ~Doorkeeper() = default;
};

struct Tools {
  net::Loop& loop;
  admin::Metrics& metrics;
  Ledger& ledger;
  Doorkeeper& doorkeeper;
  Neighbours& neighbours;
  OriginPool& origins;
  h2::Holdings& holdings;
  net::RelayBuffers& relay_buffers;
  net::Pot& spare_attempts;         // to dial
  tls::SessionCache& tls_sessions;  // with origins, to be resumed
  inspect::Found& found;
  Admission& admission;
  Throttle& rejection_warnings;  // of clients that reject the inspection CA
  HttpClock& clock;
  unsigned worker;  // its number, for observers

  // A reload replaces these: whoever waits for something of theirs keeps a copy alive.
  const RuntimePtr& present;
  const std::shared_ptr<net::dns::Resolver>& resolver;
  std::optional<tls::LeafCache>& leaves;  // nullopt without an inspection CA

  // Monotonic time as of the loop's turn.
  base::Instant now() const { return loop.now(); }
};

}  // namespace proxy
