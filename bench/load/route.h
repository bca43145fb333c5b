// Where connections go: from which of our addresses, to the proxy, and to which origin behind it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.h"

namespace load {

enum class Via : std::uint8_t {
  kHttpProxy,  // CONNECT opens the tunnel
  kTcpRelay,   // every connection is a tunnel to one fixed origin already
};

class Route {
 public:
  // Without sources the kernel chooses the address.
  Route(Via via, base::Endpoint proxy, const std::vector<base::Endpoint>& origins,
        std::vector<base::IpAddress> sources);

  Via via() const { return via_; }
  const base::Endpoint& proxy() const { return proxy_; }
  // The next source, in turn: each brings its own 28 000 ports.
  std::optional<base::IpAddress> next_source();
  // The next origin's authority, in turn, for the same reason on the proxy's other side.
  const std::string& next_origin();

 private:
  Via via_;
  base::Endpoint proxy_;
  std::vector<std::string> origins_;
  std::vector<base::IpAddress> sources_;
  std::size_t origin_ = 0;
  std::size_t source_ = 0;
};

// `count` loopback addresses from `first` on.
std::vector<base::IpAddress> addresses_from(base::IpAddress first, std::size_t count);

}  // namespace load
