#include <algorithm>
#include <initializer_list>

#include "aks/no_proxy/environment.h"
#include "base/ascii.h"

namespace aks::no_proxy {
namespace {

// The schemes that a client can talk to a proxy in, and what it does with others. An empty scheme
// stands for a value without one.
struct Schemes {
  std::initializer_list<std::string_view> used;
  ProxyValue others;
};

ProxyValue judge(const Schemes& schemes, std::string_view scheme) {
  const bool used =
      std::find(schemes.used.begin(), schemes.used.end(), scheme) != schemes.used.end();
  return used ? ProxyValue::kUsed : schemes.others;
}

}  // namespace

ProxyValue judge_proxy(Client client, std::string_view value) {
  const size_t mark = value.find("://");
  const std::string scheme =
      mark == std::string_view::npos ? "" : base::lower(value.substr(0, mark));
  switch (client) {
    case Client::kGo:
    case Client::kGo119:
      return judge({{"", "http", "https", "socks5", "socks5h"}, ProxyValue::kRefused}, scheme);
    case Client::kCurl788:
    case Client::kCurl89:
    case Client::kCurl818:
    case Client::kGit:
      return judge(
          {{"", "http", "https", "socks4", "socks4a", "socks5", "socks5h"}, ProxyValue::kRefused},
          scheme);
    case Client::kWget: return judge({{"", "http"}, ProxyValue::kRefused}, scheme);
    case Client::kUrllib:
    case Client::kRequests228:
    case Client::kRequests: return judge({{"", "http", "https"}, ProxyValue::kRefused}, scheme);
    case Client::kHttpx: return judge({{"", "http", "https"}, ProxyValue::kRefusedAtOnce}, scheme);
    // Ruby needs a scheme and then does not care which.
    case Client::kRuby:
    case Client::kRubyUri: return scheme.empty() ? ProxyValue::kRefused : ProxyValue::kUsed;
    case Client::kNodeCore2413:
    case Client::kNodeCore: return judge({{"http", "https"}, ProxyValue::kDisregarded}, scheme);
    case Client::kUndici720:
    case Client::kUndici7:
    case Client::kUndici810:
    case Client::kUndici8101:
    case Client::kUndici812:
      return judge({{"http", "https", "socks5"}, ProxyValue::kRefusedAtOnce}, scheme);
    case Client::kReqwest:
      return judge({{"", "http", "https", "socks4", "socks4a", "socks5", "socks5h"},
                    ProxyValue::kDisregarded},
                   scheme);
    case Client::kDotnet: return judge({{"", "http"}, ProxyValue::kDisregarded}, scheme);
    // The caller decides what to do with the URL; Java's properties hold no URL.
    case Client::kProxyFromEnv:
    case Client::kAxios115:
    case Client::kAxios116:
    case Client::kAxios121:
    case Client::kJava: return ProxyValue::kUsed;
  }
  return ProxyValue::kUsed;
}

}  // namespace aks::no_proxy
