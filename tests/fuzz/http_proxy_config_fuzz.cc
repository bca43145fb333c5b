// The JSON file of httpProxyConfig. A configuration comes out exactly when nothing found is an
// error, and what comes out reads back as itself.
#include <cstdint>
#include <cstdlib>

#include "aks/http_proxy_config.h"

namespace {

bool reads_back(const aks::ProxyUrl& url, aks::ProxyUrlUse use) {
  std::vector<aks::Finding> findings;
  return aks::parse_proxy_url(url.to_string(), use, "$", findings) == url;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const aks::ParsedConfig parsed =
      aks::parse_http_proxy_config({reinterpret_cast<const char*>(data), size});
  if (parsed.config.has_value() == aks::has_errors(parsed.findings)) std::abort();
  for (const aks::Finding& finding : parsed.findings) {
    // A finding is one line, whatever the input holds.
    if (aks::to_string(finding).find('\n') != std::string::npos) std::abort();
  }
  if (!parsed.config) return 0;
  const auto& [enabled, http, https, no_proxy, ca, written] = *parsed.config;
  if (http && !reads_back(*http, aks::ProxyUrlUse::kHttpProxy)) std::abort();
  if (https && !reads_back(*https, aks::ProxyUrlUse::kHttpsProxy)) std::abort();
  if (aks::tidy_no_proxy(no_proxy) != no_proxy) std::abort();
  return 0;
}
