#include "aks/render/monitoring.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/ascii.h"

namespace aks::render {
namespace {

using nlohmann::ordered_json;

// RFC 3986 §2.3; all that may stand in userinfo under every reader's rules.
bool is_unreserved(char c) {
  return base::is_alpha(c) || base::is_digit(c) ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

std::string percent_encoded(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (is_unreserved(c)) {
      out += c;
    } else {
      out += {'%', kHex[octet >> 4], kHex[octet & 15]};
    }
  }
  return out;
}

void lint_credential(const std::string& text, const char* path, const char* what,
                     std::vector<Finding>& findings) {
  if (text.empty()) {
    findings.push_back({Severity::kError, "monitoring-credentials", path,
                        std::string("the ") + what + " is empty: give both a user and a password"});
  } else if (!std::all_of(text.begin(), text.end(), is_unreserved)) {
    findings.push_back(
        {Severity::kWarning, "monitoring-encoding", path,
         std::string("the ") + what +
             " needs percent-encoding, which the agent does not undo (and without it, it would "
             "split "
             "at the first '@' and ':'), so the proxy sees another one: choose one of letters, "
             "digits and -._~"});
  }
}

// The proxy as the agent wants it; "" for none.
std::string agent_url(const std::optional<ProxyUrl>& proxy,
                      const std::optional<Credentials>& credentials) {
  if (!proxy) return "";
  if (!credentials) return proxy->to_string();
  return (proxy->scheme == ProxyScheme::kHttp ? "http://" : "https://") +
         percent_encoded(credentials->user) + ":" + percent_encoded(credentials->password) + "@" +
         proxy->authority.to_string();
}

// The one of the two that the agent uses.
const std::optional<ProxyUrl>& chosen(const HttpProxyConfig& config) {
  return config.https_proxy ? config.https_proxy : config.http_proxy;
}

}  // namespace

void lint_monitoring(const HttpProxyConfig& config, const std::optional<Credentials>& credentials,
                     std::vector<Finding>& findings) {
  const auto& proxy = chosen(config);
  if (proxy && proxy->authority.literal && !proxy->authority.literal->is_v4()) {
    findings.push_back(
        {Severity::kWarning, "monitoring-ipv6", "$.httpsProxy",
         "the agent splits the proxy at its first ':' and takes no IPv6 literal: use "
         "a name or an IPv4 address"});
  }
  if (!config.trusted_ca_pem.empty()) {
    findings.push_back({Severity::kNote, "monitoring-certificate", "$.trustedCa",
                        "with a trusted certificate, custom metrics and recommended alerts are not "
                        "supported"});
  }
  if (!credentials) return;
  findings.push_back({Severity::kNote, "monitoring-credentials", "--proxy-user",
                      "the article names a proxy with user and password as supported by the "
                      "monitoring add-on only in editions before 2025-06-26; the agent still reads "
                      "them"});
  lint_credential(credentials->user, "--proxy-user", "user", findings);
  lint_credential(credentials->password, "--proxy-password-file", "password", findings);
}

std::string monitoring_secret(const HttpProxyConfig& config,
                              const std::optional<Credentials>& credentials, Format format) {
  ordered_json data = {{"PROXY", agent_url(chosen(config), credentials)}};
  if (!config.trusted_ca_pem.empty()) data["PROXYCERT.crt"] = config.trusted_ca_pem;
  return print({{"apiVersion", "v1"},
                {"kind", "Secret"},
                {"metadata", {{"name", "ama-logs-secret"}, {"namespace", "kube-system"}}},
                {"type", "Opaque"},
                {"stringData", std::move(data)}},
               format);
}

std::string monitoring_settings(const HttpProxyConfig& config, const Values& values,
                                const std::optional<Credentials>& credentials, Format format) {
  const ordered_json settings = {{"isProxyEnabled", true},
                                 {"httpProxy", agent_url(config.http_proxy, credentials)},
                                 {"httpsProxy", agent_url(config.https_proxy, credentials)},
                                 {"noProxy", values.no_proxy},
                                 {"proxyCert", config.trusted_ca_pem}};
  return print({{"Azure", {{"proxySettings", settings}}}}, format);
}

}  // namespace aks::render
