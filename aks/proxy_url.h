// The address of a proxy as httpProxy, httpsProxy and the environment variables spell it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aks/finding.h"
#include "http/target.h"

namespace aks {

// How clients speak to the proxy itself, which has nothing to do with the URLs they ask it for.
enum class ProxyScheme { kHttp, kHttps };

struct ProxyUrl {
  ProxyScheme scheme = ProxyScheme::kHttp;
  http::Authority authority;

  // "http://proxy.example:3128", without trailing slash.
  std::string to_string() const;
  friend bool operator==(const ProxyUrl&, const ProxyUrl&) = default;
};

// Where the text comes from decides what is an error: AKS takes http alone for httpProxy, and a
// scheme is required; clients read variables without a scheme as http.
enum class ProxyUrlUse { kHttpProxy, kHttpsProxy, kVariable };

// Parses "scheme://host[:port][/]". Appends everything it finds under `path`; nullopt when that
// includes an error. Credentials are never repeated in a finding.
std::optional<ProxyUrl> parse_proxy_url(std::string_view text, ProxyUrlUse use,
                                        const std::string& path, std::vector<Finding>& findings);

}  // namespace aks
