// The origin: answers what the lanes ask, in a process of its own, so that it has its own
// descriptors and the proxy's three parties are three processes.
//
// GET /bytes/N          200 with N octets of the pattern
// POST /sink            200 with kSinkReply octets once the body proved to be the pattern, else 422
// kEchoMark …           not HTTP: every octet is sent back
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/result.h"
#include "bench/load/tls_end.h"

namespace load {

inline constexpr char kEchoMark = '\x80';
inline constexpr std::string_view kSinkPath = "/sink";
inline constexpr std::uint64_t kSinkReply = 16;
std::string bytes_path(std::uint64_t octets);

// A running origin process. It ends with this object, or with the process that made it.
class Origin {
 public:
  // Listens on every address, all at one port; 0 picks a free one. With `tls` it also speaks
  // TLS, at a free port, as whatever name it is asked for. Fails with kIo.
  static base::Result<Origin> start(const std::vector<base::IpAddress>& addresses,
                                    std::uint16_t port, const std::optional<ServerTls>& tls);
  Origin(Origin&& other) noexcept;
  Origin& operator=(Origin&&) = delete;
  ~Origin();

  const std::vector<base::Endpoint>& endpoints() const { return endpoints_; }
  // None without `tls`.
  const std::vector<base::Endpoint>& tls_endpoints() const { return tls_endpoints_; }

 private:
  Origin() = default;
  pid_t pid_ = -1;
  std::vector<base::Endpoint> endpoints_;
  std::vector<base::Endpoint> tls_endpoints_;
};

}  // namespace load
