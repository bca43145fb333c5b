// What is kept of one exchange, from its first octet to its log record.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "proxy/access_record.h"

namespace proxy {

struct Account {
  AccessRecord record;
  base::Instant began;
  std::string next_step;  // for the reply to a denied request
  // Of an allowed CONNECT, as policy::Decision has them.
  config::Connect connect = config::Connect::kTunnel;
  std::string_view inspect_for;
  // Of a request that is forwarded, for rules that judge it; in its target, which outlives the
  // exchange.
  std::string_view path_and_query;
  // Of a CONNECT that got its 200 only to be refused inside TLS (tls.refusals).
  std::optional<base::Error> refusal;

  // What `observe` will need of a head that is gone by then; null where nothing watches.
  struct Watched {
    std::string user_agent;
  };
  std::unique_ptr<Watched> watched;

  enum class State : std::uint8_t { kNone, kOpen } state = State::kNone;
};

}  // namespace proxy
