// How long a tunnel may be quiet.
#pragma once

#include "net/tunnel.h"
#include "proxy/caller.h"

namespace proxy {

inline net::RelayLimits tunnel_limits(const Caller& caller) {
  const config::Timeouts& timeouts = caller.runtime->config.timeouts;
  return {timeouts.tunnel_idle, timeouts.half_closed, caller.until()};
}

}  // namespace proxy
