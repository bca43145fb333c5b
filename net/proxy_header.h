// The header that a load balancer writes in front of a connection's octets, to say who the client
// is: versions 1 (text) and 2 (binary) of HAProxy's PROXY protocol.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ip.h"

namespace net {

class ProxyHeader {
 public:
  enum class State : std::uint8_t { kMore, kWhole, kMalformed };

  // Takes octets from the front of `octets` until the header is whole or found malformed, and
  // returns how many. Octets behind the header are never taken.
  size_t feed(std::string_view octets);
  State state() const { return state_; }

  // Of a whole header: the client. nullopt when it names none that spoke TCP over IP, which is how
  // a balancer checks health (LOCAL, UNKNOWN): then the connection's own peer is the client.
  const std::optional<base::Endpoint>& client() const { return client_; }
  // Of a malformed one: what is wrong, as in "the header …". Holds nothing that was received.
  std::string_view fault() const { return fault_; }

 private:
  void take(char octet);
  void read_line();
  void read_start();
  void read_addresses();
  void finish() { state_ = State::kWhole; }
  void refuse(std::string_view fault);

  State state_ = State::kMore;
  std::string head_;       // its begin, as far as it is read; behind addresses it is only counted
  size_t taken_ = 0;       // octets
  size_t length_ = 0;      // of a header of version 2, once it is known
  bool local_ = false;     // version 2: the balancer speaks for itself
  std::uint8_t kind_ = 0;  // version 2: family and transport
  std::optional<base::Endpoint> client_;
  std::string_view fault_;
};

}  // namespace net
