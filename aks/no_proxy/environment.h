// The variables that clients read, and which spelling of them each client believes.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "aks/http_proxy_config.h"
#include "aks/no_proxy/client.h"

namespace aks::no_proxy {

// Names and values; a name that is absent is not set, and set-but-empty is something else. Java's
// system properties stand here under their own names ("http.nonProxyHosts").
using Environment = std::map<std::string, std::string, std::less<>>;

// A value and the name of the variable that gave it. `name` is "" when no variable did.
struct Chosen {
  std::string name;
  std::string value;
};

// Proxy and list as every client would have to be told for both to count: the six variables and
// Java's properties.
Environment told_to_all(std::string_view proxy, std::string_view list);

// What AKS gives to nodes and pods: the six variables, `list` being the effective noProxy.
Environment told_by_aks(const HttpProxyConfig& config, std::string_view list);

// The variables of `get` that some client reads.
Environment from_variables(const std::function<std::optional<std::string>(const char* name)>& get);

// The proxy that `client` takes for URLs of `scheme`, and the list that it reads.
Chosen choose_proxy(Client client, const Environment& environment, std::string_view scheme);
Chosen choose_list(Client client, const Environment& environment);

// What the client does because it believes to run as a CGI program.
enum class CgiEffect { kNone, kRefuses, kNoProxies };
CgiEffect cgi_effect(Client client, const Environment& environment, std::string_view scheme);

// What the client makes of a proxy's value.
enum class ProxyValue {
  kUsed,
  kRefused,        // an error when the proxy is needed
  kRefusedAtOnce,  // an error before any list is read
  kDisregarded,    // as if no proxy were set
};
ProxyValue judge_proxy(Client client, std::string_view value);

}  // namespace aks::no_proxy
