#include "proxy/runtime.h"

#include <ifaddrs.h>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>

#include "base/log.h"
#include "net/endpoint.h"

namespace proxy {
namespace {

http::Limits http_limits_of(const config::Limits& limits) {
  http::Limits out;
  out.start_line_bytes = limits.request_line_bytes;
  out.head_bytes = limits.head_bytes;
  out.field_bytes = limits.field_bytes;
  out.fields = limits.fields;
  out.chunk_line_bytes = limits.chunk_line_bytes;
  out.chunk_extension_bytes = limits.chunk_extension_bytes;
  return out;
}

}  // namespace

Runtime::Runtime(config::Config from, std::shared_ptr<const TlsRuntime> tls_runtime,
                 std::vector<base::Endpoint> own_endpoints,
                 std::vector<base::IpAddress> local_addresses,
                 std::shared_ptr<const Observer> observing, Generation made_as)
    : config(std::move(from)),
      tls(std::move(tls_runtime)),
      policy(config.policy, std::move(own_endpoints), std::move(local_addresses),
             config.tls.connect),
      http_limits(http_limits_of(config.limits)),
      observer(std::move(observing)),
      generation(std::move(made_as)) {}

std::vector<base::IpAddress> local_addresses() {
  std::vector<base::IpAddress> out;
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) {
    base::log_warn("cannot list this machine's addresses (getifaddrs: " + base::errno_name(errno) +
                   "); each one that is dialled on a port of the proxy's own is asked for instead");
    return out;
  }
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr) continue;
    const int family = entry->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    sockaddr_storage storage{};
    const size_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    std::copy_n(reinterpret_cast<const char*>(entry->ifa_addr), size,
                reinterpret_cast<char*>(&storage));
    out.push_back(net::from_sockaddr(storage).address);
  }
  ::freeifaddrs(list);
  return out;
}

}  // namespace proxy
