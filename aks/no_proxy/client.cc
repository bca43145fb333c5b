#include "aks/no_proxy/client.h"

#include <algorithm>

namespace aks::no_proxy {

std::string_view token_of(Client client) {
  switch (client) {
    case Client::kGo: return "go";
    case Client::kGo119: return "go-1.19";
    case Client::kCurl788: return "curl-7.88";
    case Client::kCurl89: return "curl-8.9";
    case Client::kCurl818: return "curl-8.18";
    case Client::kGit: return "git";
    case Client::kWget: return "wget";
    case Client::kUrllib: return "python-urllib";
    case Client::kRequests228: return "python-requests-2.28";
    case Client::kRequests: return "python-requests";
    case Client::kHttpx: return "python-httpx";
    case Client::kRuby: return "ruby";
    case Client::kRubyUri: return "ruby-uri";
    case Client::kNodeCore2413: return "node-core-24.13";
    case Client::kNodeCore: return "node-core";
    case Client::kUndici720: return "undici-7.20";
    case Client::kUndici7: return "undici-7";
    case Client::kUndici810: return "undici-8.10";
    case Client::kUndici8101: return "undici-8.10.1";
    case Client::kUndici812: return "undici-8.12";
    case Client::kProxyFromEnv: return "proxy-from-env";
    case Client::kAxios115: return "axios-1.15";
    case Client::kAxios116: return "axios-1.16";
    case Client::kAxios121: return "axios-1.21";
    case Client::kReqwest: return "reqwest";
    case Client::kJava: return "java";
    case Client::kDotnet: return "dotnet";
  }
  return "";
}

std::optional<Client> parse_client(std::string_view token) {
  const auto found = std::find_if(kAllClients.begin(), kAllClients.end(),
                                  [token](Client client) { return token_of(client) == token; });
  return found == kAllClients.end() ? std::nullopt : std::optional<Client>(*found);
}

std::string_view describe(Client client) {
  switch (client) {
    case Client::kGo: return "Go since 2025: kubelet, containerd, kubectl, Helm";
    case Client::kGo119: return "Go before 2025, such as Debian 12's 1.19";
    case Client::kCurl788: return "libcurl 7.87 to 8.8";
    case Client::kCurl89: return "libcurl 8.9 to 8.17";
    case Client::kCurl818: return "libcurl 8.18 and later";
    case Client::kGit: return "git on libcurl 7.88";
    case Client::kWget: return "wget 1.21";
    case Client::kUrllib: return "Python's urllib.request, aiohttp";
    case Client::kRequests228: return "Python's requests before 2.34, such as Debian 12's 2.28";
    case Client::kRequests: return "Python's requests 2.34";
    case Client::kHttpx: return "Python's httpx 0.28";
    case Client::kRuby: return "Ruby's Net::HTTP";
    case Client::kRubyUri: return "Ruby's open-uri (URI#find_proxy)";
    case Client::kNodeCore2413: return "Node's http and https with NODE_USE_ENV_PROXY, to 24.13";
    case Client::kNodeCore: return "Node's http and https with NODE_USE_ENV_PROXY, 24.21";
    case Client::kUndici720: return "undici 6.22 to 7.20, fetch of Node before 24.14";
    case Client::kUndici7: return "undici 7.21 to 8.9, fetch of Node from 24.14 on";
    case Client::kUndici810: return "undici 8.10.0";
    case Client::kUndici8101: return "undici 8.10.1 and 8.10.2";
    case Client::kUndici812: return "undici 8.11 to 8.13";
    case Client::kProxyFromEnv: return "proxy-from-env 2: axios before 1.15, others on Node";
    case Client::kAxios115: return "axios 1.15.0";
    case Client::kAxios116: return "axios 1.16 and 1.17";
    case Client::kAxios121: return "axios 1.21; 1.18 to 1.20 lie between 1.16 and this";
    case Client::kReqwest: return "Rust's reqwest";
    case Client::kJava: return "Java's http.proxyHost and http.nonProxyHosts";
    case Client::kDotnet: return ".NET's HttpClient";
  }
  return "";
}

}  // namespace aks::no_proxy
