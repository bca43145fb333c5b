// What becomes of a client's connection, or stream, after an exchange.
#pragma once

#include <memory>
#include <variant>

#include "http/target.h"
#include "proxy/admission.h"
#include "proxy/connection.h"
#include "proxy/origin_pool.h"

namespace proxy {

namespace after {

struct Next {};    // the next request may come
struct Gone {};    // nothing more is to be said: the client has ended it, or has been told
struct Linger {};  // an orderly close, which the client is to hear
struct Abort {};   // a reset: a message was cut that would else look complete
// Both ways are open: octets go to and fro between the client and `origin`.
struct Tunnel {
  Connection origin;
  Place place;  // empty where the session's is enough, as it is for all that are not streams
};
// A tunnel to `target` has been granted, which is to be looked into first. Without an origin
// Account::refusal says what the client is to hear inside.
struct Look {
  http::Authority target;
  std::unique_ptr<OriginConnection> origin;
  Place place;
};

}  // namespace after

using After =
    std::variant<after::Next, after::Gone, after::Linger, after::Abort, after::Tunnel, after::Look>;

}  // namespace proxy
