// What clients make of NO_PROXY. The rules here are those of Go's golang.org/x/net/http/httpproxy
// (July 2026), which kubelet, containerd, kubectl, Helm and most of what runs on a node use:
//   - the list is split at commas; blanks around entries and empty entries do not count;
//   - localhost, 127.0.0.0/8 and ::1 are never proxied; "*" bypasses everything;
//   - "name" matches the name and all below it, ".name" and "*.name" only what is below;
//   - "host:port" matches that port only; addresses and prefixes match literal addresses, compared
//   as
//     values (IPv4-mapped IPv6 equals IPv4), never names that resolve into them;
//   - "[v6]" without a port matches nothing, trailing dots are significant, case is not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aks {

enum class Route { kProxy, kDirect };

enum class Decider {
  kNothing,   // no entry matches: the proxy
  kEntry,     // an entry of the list
  kLoopback,  // the client's own rule
};

struct Match {
  Route route = Route::kProxy;
  Decider decider = Decider::kNothing;
  std::string entry;  // as written, blanks trimmed; "" unless decider is kEntry
};

enum class UrlScheme { kHttp, kHttps };

// How Go routes a request for `host` (a name or address without brackets, a zone allowed) and
// `port`; port 0 stands for the scheme's default. `list` is the value of NO_PROXY. When several
// entries match, the first of the list is named. Names beyond ASCII are compared as A-labels
// without case folding.
Match match_go(std::string_view list, UrlScheme scheme, std::string_view host, std::uint16_t port);

}  // namespace aks
