// The readers of lists, one for each shape of rules. Inside the room; everyone else asks
// evaluate().
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aks/no_proxy/destination.h"
#include "aks/no_proxy/rule.h"
#include "base/ip.h"

namespace aks::no_proxy {

// The entry that decides, as written, and how. kNoEntry when none does; kBadEntry when the client
// fails at the entry.
struct Match {
  Rule rule = Rule::kNoEntry;
  std::string entry;
};

enum class GoVersion { k119, kCurrent };
Match match_go(std::string_view list, const Destination& to, GoVersion version);

enum class CurlVersion { k788, k89, k818 };
Match match_curl(std::string_view list, const Destination& to, CurlVersion version);

// urllib's proxy_bypass: `asked` is what it is asked about, "host[:port]" as the URL spells it.
Match match_urllib(std::string_view list, std::string_view asked, const Destination& to);

// requests asks its own rules with `list` and then urllib's with `urllib_list`; the two differ when
// no_proxy is set but empty.
enum class RequestsVersion { k228, k234 };
Match match_requests(std::string_view list, std::string_view urllib_list, const Destination& to,
                     RequestsVersion version);

Match match_httpx(std::string_view list, const Destination& to);

// axios since 1.15: proxy-from-env's rules, and behind them its own, which have come bit by bit.
enum class AxiosVersion { k115, k116, k121 };
Match match_axios(std::string_view list, const Destination& to, AxiosVersion version);

// `resolved` is what the host's name resolves to, best first; literals and localhost need none.
Match match_ruby(std::string_view list, const Destination& to,
                 const std::vector<base::IpAddress>& resolved);
// Whether Ruby takes the host for the machine itself, before it reads any list.
bool is_loopback_to_ruby(const Destination& to, const std::vector<base::IpAddress>& resolved);

// `list` is http.nonProxyHosts; nullopt when that is not set.
Match match_java(std::optional<std::string_view> list, const Destination& to);

}  // namespace aks::no_proxy
