#include "aks/no_proxy/environment.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace aks::no_proxy {
namespace {

// How a client reads the variables.
struct Reading {
  enum class Order { kLowerFirst, kUpperFirst, kLowerOnly };
  enum class Empty {
    kSkipped,  // as if not set
    kCounts,   // wins and means none
    kEnds,     // wins, and no other variable is asked
  };
  enum class HttpProxy { kRead, kNotInCgi, kNotInGateway, kIgnored };  // in upper case
  enum class Https { kOwn, kFallsBack, kHttpOnly };                    // which variable for https
  enum class All { kIgnored, kRead };                                  // all_proxy

  Order order;
  Empty empty_proxy;
  Empty empty_list;
  HttpProxy upper_http;
  Https https;
  All all;
};

using R = Reading;
using O = R::Order;
using E = R::Empty;
using H = R::HttpProxy;
using S = R::Https;
using A = R::All;

constexpr Reading kGo = {O::kUpperFirst, E::kSkipped, E::kSkipped, H::kRead, S::kOwn, A::kIgnored};
constexpr Reading kCurl = {O::kLowerFirst, E::kSkipped, E::kSkipped,
                           H::kIgnored,    S::kOwn,     A::kRead};
constexpr Reading kUndici = {O::kLowerFirst, E::kCounts,    E::kCounts,
                             H::kRead,       S::kFallsBack, A::kIgnored};

constexpr Reading reading_of(Client client) {
  switch (client) {
    case Client::kGo:
    case Client::kGo119: return kGo;
    case Client::kCurl788:
    case Client::kCurl89:
    case Client::kCurl818: return kCurl;
    case Client::kGit:
      return {O::kLowerFirst, E::kEnds, E::kCounts, H::kIgnored, S::kOwn, A::kRead};
    case Client::kWget:
      return {O::kLowerOnly, E::kCounts, E::kCounts, H::kIgnored, S::kOwn, A::kIgnored};
    case Client::kUrllib:
      return {O::kLowerFirst, E::kCounts, E::kCounts, H::kNotInCgi, S::kOwn, A::kIgnored};
    case Client::kRequests228:
    case Client::kRequests:
      return {O::kLowerFirst, E::kCounts, E::kSkipped, H::kNotInCgi, S::kOwn, A::kRead};
    case Client::kHttpx:
      return {O::kLowerFirst, E::kCounts, E::kCounts, H::kNotInCgi, S::kOwn, A::kRead};
    case Client::kRuby:
      return {O::kLowerFirst, E::kCounts, E::kCounts, H::kNotInCgi, S::kHttpOnly, A::kIgnored};
    case Client::kRubyUri:
      return {O::kLowerFirst, E::kCounts, E::kCounts, H::kNotInCgi, S::kOwn, A::kIgnored};
    case Client::kNodeCore2413:
    case Client::kNodeCore:
      return {O::kLowerFirst, E::kSkipped, E::kSkipped, H::kRead, S::kOwn, A::kIgnored};
    case Client::kUndici720:
    case Client::kUndici7:
    case Client::kUndici810:
    case Client::kUndici8101:
    case Client::kUndici812: return kUndici;
    case Client::kProxyFromEnv:
    case Client::kAxios115:
    case Client::kAxios116:
    case Client::kAxios121:
      return {O::kLowerFirst, E::kSkipped, E::kSkipped, H::kRead, S::kOwn, A::kRead};
    case Client::kReqwest:
      return {O::kUpperFirst, E::kCounts, E::kCounts, H::kRead, S::kOwn, A::kRead};
    case Client::kDotnet:
      return {O::kLowerFirst, E::kSkipped, E::kCounts, H::kNotInGateway, S::kOwn, A::kRead};
    case Client::kJava: break;  // reads properties instead
  }
  return kGo;
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

bool reads_upper(const Reading& reading, std::string_view lower, const Environment& environment) {
  if (reading.order == O::kLowerOnly) return false;
  if (lower != "http_proxy") return true;
  switch (reading.upper_http) {
    case H::kRead: return true;
    case H::kNotInCgi: return environment.find("REQUEST_METHOD") == environment.end();
    case H::kNotInGateway: {
      const auto gateway = environment.find("GATEWAY_INTERFACE");
      return gateway == environment.end() || gateway->second.empty();
    }
    case H::kIgnored: return false;
  }
  return true;
}

// The spelling of one variable that wins. One that is set but empty may win too.
std::optional<Chosen> choose(const Reading& reading, R::Empty empty, const std::string& lower,
                             const Environment& environment) {
  std::array<std::string, 2> names = {lower, upper(lower)};
  if (!reads_upper(reading, lower, environment)) names[1].clear();
  if (reading.order == O::kUpperFirst) std::swap(names[0], names[1]);
  for (const std::string& name : names) {
    const auto found = name.empty() ? environment.end() : environment.find(name);
    if (found == environment.end()) continue;
    if (found->second.empty() && empty == E::kSkipped) continue;
    return Chosen{name, found->second};
  }
  return std::nullopt;
}

Chosen property_proxy(const Environment& environment, std::string_view scheme) {
  const std::string prefix(scheme);
  const auto host = environment.find(prefix + ".proxyHost");
  if (host == environment.end() || host->second.empty()) return {};
  const auto port = environment.find(prefix + ".proxyPort");
  const std::string usual = scheme == "https" ? "443" : "80";
  return {host->first, host->second + ":" + (port == environment.end() ? usual : port->second)};
}

// Where Ruby looks in a CGI program, since no request field can set it.
std::optional<Chosen> cgi_variable(Client client, const std::string& lower,
                                   const Environment& environment) {
  const bool ruby = client == Client::kRuby || client == Client::kRubyUri;
  if (!ruby || lower != "http_proxy" || environment.find("REQUEST_METHOD") == environment.end()) {
    return std::nullopt;
  }
  const auto found = environment.find("CGI_HTTP_PROXY");
  if (found == environment.end()) return std::nullopt;
  return Chosen{found->first, found->second};
}

}  // namespace

Chosen choose_proxy(Client client, const Environment& environment, std::string_view scheme) {
  if (client == Client::kJava) return property_proxy(environment, scheme);
  const bool http = scheme == "http" || scheme == "https";
  const bool any_scheme = client == Client::kProxyFromEnv || client == Client::kAxios115 ||
                          client == Client::kAxios116 || client == Client::kAxios121;
  if (!http && !any_scheme) return {};
  const Reading reading = reading_of(client);
  const bool shared = reading.https == S::kHttpOnly;
  std::vector<std::string> names = {shared ? "http_proxy" : std::string(scheme) + "_proxy"};
  if (scheme == "https" && reading.https == S::kFallsBack) names.emplace_back("http_proxy");
  if (reading.all == A::kRead) names.emplace_back("all_proxy");
  for (const std::string& name : names) {
    auto chosen = choose(reading, reading.empty_proxy, name, environment);
    if (!chosen) chosen = cgi_variable(client, name, environment);
    if (!chosen) continue;
    if (!chosen->value.empty()) return *chosen;
    if (reading.empty_proxy == E::kEnds) return {};
  }
  return {};
}

Chosen choose_list(Client client, const Environment& environment) {
  if (client == Client::kJava) {
    const auto found = environment.find("http.nonProxyHosts");
    return found == environment.end() ? Chosen{} : Chosen{found->first, found->second};
  }
  const Reading reading = reading_of(client);
  return choose(reading, reading.empty_list, "no_proxy", environment).value_or(Chosen{});
}

CgiEffect cgi_effect(Client client, const Environment& environment, std::string_view scheme) {
  const auto method = environment.find("REQUEST_METHOD");
  if (method == environment.end()) return CgiEffect::kNone;
  if (client == Client::kReqwest) return CgiEffect::kNoProxies;
  const bool go = client == Client::kGo || client == Client::kGo119;
  return go && scheme == "http" && !method->second.empty() ? CgiEffect::kRefuses : CgiEffect::kNone;
}

}  // namespace aks::no_proxy
