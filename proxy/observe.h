// When observers get to see a request: once, where its verdict is settled, not at its end, since a
// tunnel can be open for a day.
#pragma once

#include <span>

#include "base/ip.h"
#include "http/head.h"
#include "http/target.h"
#include "proxy/account.h"
#include "proxy/observer.h"

namespace proxy {

// Keeps what `observe` will need of a head that is gone by then. Nothing where nobody watches.
void watch(Account& account, const http::RequestHead& head, const Observer& observer);

// Shows the request, with the addresses of its target as far as they are known; further calls for
// the same request do nothing. `worker` as for Observer::see.
void observe(Account& account, const http::Authority& target, policy::Kind kind,
             std::span<const base::IpAddress> addresses, const Observer& observer, unsigned worker);

}  // namespace proxy
