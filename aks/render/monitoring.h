// How Container Insights' agent (ama-logs) is told about the proxy. It reads a Secret, not the
// variables, and is the one client that takes a user and a password.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aks/finding.h"
#include "aks/http_proxy_config.h"
#include "aks/render/document.h"
#include "aks/render/values.h"

namespace aks::render {

struct Credentials {
  std::string user;
  std::string password;
};

// What the agent gets wrong: it splits a proxy at the first '@' and ':' and decodes nothing, and it
// takes no IPv6 literal. Credentials are never repeated in a finding.
void lint_monitoring(const HttpProxyConfig& config, const std::optional<Credentials>& credentials,
                     std::vector<Finding>& findings);

// The Secret's PROXY and PROXYCERT.crt, to be merged into ama-logs-secret of kube-system. PROXY is
// httpsProxy where there is one, as scheme://[user:password@]host:port: no trailing slash,
// credentials percent-encoded.
std::string monitoring_secret(const HttpProxyConfig& config,
                              const std::optional<Credentials>& credentials, Format format);

// The agent chart's values, Azure.proxySettings, with both proxies in that form.
std::string monitoring_settings(const HttpProxyConfig& config, const Values& values,
                                const std::optional<Credentials>& credentials, Format format);

}  // namespace aks::render
