#include "aks/no_proxy/evaluate.h"

#include "aks/no_proxy/match.h"
#include "aks/no_proxy/shape.h"
#include "aks/no_proxy/url_host.h"

namespace aks::no_proxy {
namespace {

using Resolved = std::vector<base::IpAddress>;

std::string_view list_of(Client client, const Environment& environment) {
  const auto set = environment.find(choose_list(client, environment).name);
  return set == environment.end() ? std::string_view{} : std::string_view(set->second);
}

Match match_ruby_like(std::string_view list, const Destination& to, const Resolved& resolved) {
  if (is_loopback_to_ruby(to, resolved)) {
    return {to.address ? Rule::kLoopback : Rule::kResolvedLoopback, ""};
  }
  return match_ruby(list, to, resolved);
}

Match match(Client client, const Environment& environment, const Destination& asked,
            const Resolved& resolved) {
  const std::string_view list = list_of(client, environment);
  const Destination to = as_parsed_by(client, asked);
  switch (client) {
    case Client::kGo: return match_go(list, to, GoVersion::kCurrent);
    case Client::kGo119: return match_go(list, to, GoVersion::k119);
    case Client::kCurl788:
    case Client::kGit: return match_curl(list, to, CurlVersion::k788);
    case Client::kCurl89: return match_curl(list, to, CurlVersion::k89);
    case Client::kCurl818: return match_curl(list, to, CurlVersion::k818);
    case Client::kUrllib: return match_urllib(list, to.authority, to);
    case Client::kRequests228:
    case Client::kRequests: {
      const auto version =
          client == Client::kRequests ? RequestsVersion::k234 : RequestsVersion::k228;
      return match_requests(list, list_of(Client::kUrllib, environment), to, version);
    }
    case Client::kHttpx: return match_httpx(list, to);
    case Client::kRuby:
    case Client::kRubyUri: return match_ruby_like(list, to, resolved);
    case Client::kJava: {
      const bool set = !choose_list(client, environment).name.empty();
      return match_java(set ? std::optional<std::string_view>(list) : std::nullopt, to);
    }
    case Client::kAxios115: return match_axios(list, to, AxiosVersion::k115);
    case Client::kAxios116: return match_axios(list, to, AxiosVersion::k116);
    case Client::kAxios121: return match_axios(list, to, AxiosVersion::k121);
    case Client::kWget:
    case Client::kNodeCore2413:
    case Client::kNodeCore:
    case Client::kUndici720:
    case Client::kUndici7:
    case Client::kUndici810:
    case Client::kUndici8101:
    case Client::kUndici812:
    case Client::kProxyFromEnv:
    case Client::kReqwest:
    case Client::kDotnet: return match_shape(list, to, shape_of(client));
  }
  return {};
}

// A proxy whose value ends the client before it reads any list, for whichever scheme it is set.
bool fails_at_once(Client client, const Environment& environment) {
  for (const std::string_view scheme : {"http", "https"}) {
    const Chosen proxy = choose_proxy(client, environment, scheme);
    if (proxy.value.empty()) continue;
    if (judge_proxy(client, proxy.value) == ProxyValue::kRefusedAtOnce) return true;
  }
  return false;
}

Verdict& decide(Verdict& verdict, Outcome outcome, Rule rule) {
  verdict.outcome = outcome;
  verdict.rule = rule;
  return verdict;
}

}  // namespace

Verdict evaluate(Client client, const Environment& environment, const Destination& to,
                 const Resolved& resolved) {
  Verdict verdict;
  verdict.proxy = choose_proxy(client, environment, to.scheme);
  verdict.list = choose_list(client, environment);
  const CgiEffect cgi = cgi_effect(client, environment, to.scheme);
  if (cgi == CgiEffect::kNoProxies) return decide(verdict, Outcome::kDirect, Rule::kCgi);
  if (fails_at_once(client, environment)) {
    return decide(verdict, Outcome::kError, Rule::kProxyUnusable);
  }
  const bool none = verdict.proxy.value.empty();
  // httpx reads the whole list while it is set up, proxy or not.
  if (none && client != Client::kHttpx) {
    return decide(verdict, Outcome::kDirect, Rule::kNoVariable);
  }
  const ProxyValue value = judge_proxy(client, verdict.proxy.value);
  if (!none && value == ProxyValue::kDisregarded) {
    return decide(verdict, Outcome::kDirect, Rule::kProxyDisregarded);
  }
  if (cgi == CgiEffect::kRefuses) return decide(verdict, Outcome::kError, Rule::kCgi);

  Match found = match(client, environment, to, resolved);
  if (found.rule == Rule::kBadEntry) {
    verdict.entry = std::move(found.entry);
    return decide(verdict, Outcome::kError, Rule::kBadEntry);
  }
  if (none) return decide(verdict, Outcome::kDirect, Rule::kNoVariable);
  if (found.rule != Rule::kNoEntry) {
    verdict.entry = std::move(found.entry);
    return decide(verdict, Outcome::kDirect, found.rule);
  }
  if (value == ProxyValue::kRefused) return decide(verdict, Outcome::kError, Rule::kProxyUnusable);
  return verdict;
}

std::string_view token_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kProxy: return "proxy";
    case Outcome::kDirect: return "direct";
    case Outcome::kError: return "error";
  }
  return "";
}

}  // namespace aks::no_proxy
