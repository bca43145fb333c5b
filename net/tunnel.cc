#include "net/tunnel.h"

#include <algorithm>
#include <string>

namespace net {
namespace {

using base::ErrorCode;
using base::Party;

base::Error timeout_error(ErrorCode code, Party party, const char* sentence) {
  return {code, party, 0, sentence};
}

base::Instant quiet_since(const TunnelStatus& status) {
  return std::max(status.flows[0].moved_at, status.flows[1].moved_at);
}

}  // namespace

base::Instant quiet_until(const RelayLimits& limits, const TunnelStatus& status) {
  const base::Millis quiet =
      status.half_closed ? std::min(limits.half_closed, limits.idle) : limits.idle;
  return std::min(quiet_since(status) + quiet, limits.until);
}

std::optional<base::Error> overdue(const RelayLimits& limits, const TunnelStatus& status,
                                   base::Instant now) {
  if (now >= limits.until) {
    return timeout_error(ErrorCode::kTotalTimeout, Party::kProxy,
                         "the tunnel reached its total time (timeouts.total)");
  }
  const base::Millis quiet = std::chrono::duration_cast<base::Millis>(now - quiet_since(status));
  if (status.half_closed && quiet >= limits.half_closed) {
    return timeout_error(ErrorCode::kIdleTimeout, Party::kProxy,
                         "one side had ended and nothing moved to it (timeouts.half_closed)");
  }
  if (quiet >= limits.idle) {
    return timeout_error(ErrorCode::kIdleTimeout, Party::kProxy,
                         "nothing moved in either direction (timeouts.tunnel_idle)");
  }
  // A side that only talks would hold a buffer of everyone's for as long as it likes.
  for (const TunnelStatus::Flow& flow : status.flows) {
    if (!flow.in_flight || now - flow.moved_at < limits.idle) continue;
    return not_taken(flow.sink, "timeouts.tunnel_idle");
  }
  return std::nullopt;
}

base::Error not_taken(Party side, std::string_view limit) {
  return {ErrorCode::kIdleTimeout, side, 0,
          std::string(side == Party::kClient ? "the client" : "the origin") +
              " did not take what is sent to it (" + std::string(limit) + ")"};
}

}  // namespace net
