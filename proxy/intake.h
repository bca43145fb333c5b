// Whether a client's connection takes another request after the one that it serves.
#pragma once

#include <cstdint>

#include "http/framing.h"
#include "http/head.h"
#include "http/reply.h"

namespace proxy {

class Intake {
 public:
  void close() { state_ = State::kLastExchange; }
  bool is_open() const { return state_ == State::kOpen; }

  // Whether a body has been read in full is for the caller to know; one left unread ends the
  // connection.
  http::Persistence persistence_for(const http::RequestHead& head) const {
    // A proxy does not keep a connection with an HTTP/1.0 client (RFC 9112 §9.3).
    const bool more =
        is_open() && head.minor_version >= 1 && http::keeps_alive(head.minor_version, head.fields);
    return more ? http::Persistence::kKeepAlive : http::Persistence::kClose;
  }

 private:
  enum class State : std::uint8_t { kOpen, kLastExchange } state_ = State::kOpen;
};

}  // namespace proxy
