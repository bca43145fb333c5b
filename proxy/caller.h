// Who is served, and by which configuration.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/ip.h"
#include "net/io.h"
#include "proxy/runtime.h"

namespace proxy {

struct Caller {
  RuntimePtr runtime;  // by which the next exchange is judged
  base::Endpoint endpoint;
  std::string identity;  // in the client's certificate, "" without one
  base::Instant accepted;
  RuntimePtr admitted_by;  // what the connection began with, which it refers to

  // When timeouts.total is over.
  base::Instant until() const {
    const base::Millis total = runtime->config.timeouts.total;
    return total.count() == 0 ? base::kNever : accepted + total;
  }
  // At most `stall` without any progress, and never beyond timeouts.total.
  net::Patience patience(base::Millis stall) const { return {stall, until()}; }
};

}  // namespace proxy
