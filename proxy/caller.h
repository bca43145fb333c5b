// Who is served, and by which configuration: what stays the same from accept to the last record of
// a client's connection.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "base/ip.h"
#include "net/io.h"
#include "proxy/runtime.h"

namespace proxy {

struct Caller {
  RuntimePtr runtime;  // of the time at which it came
  base::Endpoint endpoint;
  std::string identity;  // in the client's certificate, "" without one
  base::Instant accepted;

  // When timeouts.total is over.
  base::Instant until() const {
    const base::Millis total = runtime->config.timeouts.total;
    return total.count() == 0 ? base::kNever : accepted + total;
  }
  // At most `stall` without any progress, and never beyond timeouts.total.
  net::Patience patience(base::Millis stall) const { return {stall, until()}; }
};

}  // namespace proxy
