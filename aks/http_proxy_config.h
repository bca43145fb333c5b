// httpProxyConfig: what a cluster is told about its proxy, as a value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aks/config_site.h"
#include "aks/document.h"
#include "aks/finding.h"
#include "aks/proxy_url.h"

namespace aks {

// Values as the file has them, blanks around them trimmed: AKS hands them on to nodes and pods
// without reading them, a trailing slash included.
struct WrittenValues {
  std::string http_proxy;
  std::string https_proxy;  // that of httpProxy when absent
  std::string trusted_ca;   // base64 in one line
};

struct HttpProxyConfig {
  bool enabled = true;  // false: AKS keeps the values but removes the variables from nodes and pods
  std::optional<ProxyUrl> http_proxy;   // for http URLs; nullopt: they go direct
  std::optional<ProxyUrl> https_proxy;  // for https URLs; nullopt: they go direct
  std::vector<std::string> no_proxy;    // as written, blanks trimmed, empty entries dropped
  std::string trusted_ca_pem;           // decoded certificates; "" when none
  WrittenValues written;                // empty when the values come from variables
};

struct ParsedConfig {
  std::optional<HttpProxyConfig> config;  // nullopt when a finding is an error
  std::vector<Finding> findings;          // in the order of the fields
};

// Parses the JSON file of `az aks create --http-proxy-config`: {"httpProxy", "httpsProxy",
// "noProxy", "trustedCa", "enabled"}. httpsProxy defaults to httpProxy, as AKS does. An object
// wrapped in "httpProxyConfig" or "properties.httpProxyConfig" is read with a warning, because the
// CLI sends it as it is and the service then finds both proxies empty. Of a template, a plan or
// what Azure prints it reads the first cluster's; YAML says the same in other words. A value that
// only a deployment can compute is an error here, and so is a document without a configuration.
ParsedConfig parse_http_proxy_config(std::string_view text);

// The same for one place of a document. What only a deployment can compute gets a note and stays
// unset.
ParsedConfig read_http_proxy_config(const ConfigSite& site);

// A field of the configuration, by its name in site.names. The service compares names without
// regard to case, and so does this; the exact name comes first. nullptr when there is none.
const config::Node* field_of(const ConfigSite& site, std::string_view name);
// Its path, with the name as the document spells it.
std::string path_of_field(const ConfigSite& site, std::string_view name);

// Checks a noProxy list entry by entry; entries of `path` are "$.noProxy[0]" and so on.
void lint_no_proxy(const std::vector<std::string>& entries, const std::string& path,
                   std::vector<Finding>& findings);

// `entries` without blanks around them and without empty ones.
std::vector<std::string> tidy_no_proxy(const std::vector<std::string>& entries);

}  // namespace aks
