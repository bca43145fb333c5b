// The clients whose reading of the proxy variables is known, one for each set of rules: where a
// client changed its rules, each version that is in use is a client of its own.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace aks::no_proxy {

enum class Client {
  kGo,            // golang.org/x/net/http/httpproxy since 2025: kubelet, containerd, kubectl, Helm
  kGo119,         // before the fix for zones in names, such as Debian 12's Go 1.19
  kCurl788,       // libcurl 7.87 to 8.8
  kCurl89,        // libcurl 8.9 to 8.17
  kCurl818,       // libcurl 8.18 and later
  kGit,           // git on libcurl 7.88, as in Debian 12
  kWget,          // wget 1.21
  kUrllib,        // Python's urllib.request, aiohttp
  kRequests228,   // requests before the check of label boundaries, such as Debian 12's 2.28
  kRequests,      // requests 2.34
  kHttpx,         // httpx 0.28
  kRuby,          // Net::HTTP
  kRubyUri,       // URI#find_proxy, open-uri
  kNodeCore2413,  // Node's http and https with NODE_USE_ENV_PROXY, 22.21 to 24.13
  kNodeCore,      // the same of Node 24.21
  kUndici720,     // undici 6.22 to 7.20, fetch of Node before 24.14
  kUndici7,       // undici 7.21 to 8.9
  kUndici810,     // undici 8.10.0
  kUndici8101,    // undici 8.10.1 and 8.10.2
  kUndici812,     // undici 8.11 to 8.13
  kProxyFromEnv,  // proxy-from-env 2: axios before 1.15 and many command line tools
  kAxios115,      // axios 1.15.0
  kAxios116,      // axios 1.16 and 1.17
  kAxios121,      // axios 1.21
  kReqwest,       // Rust's reqwest, through hyper-util
  kJava,          // HttpURLConnection and java.net.http with http.nonProxyHosts
  kDotnet,        // HttpClient of .NET
};

inline constexpr std::array kAllClients = {
    Client::kGo,           Client::kGo119,        Client::kCurl788,    Client::kCurl89,
    Client::kCurl818,      Client::kGit,          Client::kWget,       Client::kUrllib,
    Client::kRequests228,  Client::kRequests,     Client::kHttpx,      Client::kRuby,
    Client::kRubyUri,      Client::kNodeCore2413, Client::kNodeCore,   Client::kUndici720,
    Client::kUndici7,      Client::kUndici810,    Client::kUndici8101, Client::kUndici812,
    Client::kProxyFromEnv, Client::kAxios115,     Client::kAxios116,   Client::kAxios121,
    Client::kReqwest,      Client::kJava,         Client::kDotnet,
};

// The client's stable name, e.g. "curl-7.88", "python-requests".
std::string_view token_of(Client client);
std::optional<Client> parse_client(std::string_view token);

// What the name stands for, e.g. "libcurl 7.87 to 8.8".
std::string_view describe(Client client);

}  // namespace aks::no_proxy
