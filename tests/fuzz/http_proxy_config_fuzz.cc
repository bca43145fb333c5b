// httpProxyConfig as JSON, template or YAML. A configuration comes out exactly when nothing found
// is an error, and what comes out reads back as itself; reports are well-formed whatever the input
// holds.
#include <cstdint>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "aks/findings_json.h"
#include "aks/findings_text.h"
#include "aks/validate.h"

namespace {

bool reads_back(const aks::ProxyUrl& url, aks::ProxyUrlUse use) {
  std::vector<aks::Finding> findings;
  return aks::parse_proxy_url(url.to_string(), use, "$", findings) == url;
}

void check_reports(std::string_view text) {
  const aks::Validation all = aks::validate(text, {base::WallTime{}, {}});
  const std::string shown = aks::format_findings("file", text, all.findings);
  for (const char c : shown) {
    if (c != '\n' && static_cast<unsigned char>(c) < 0x20) std::abort();
  }
  if (!nlohmann::json::accept(aks::findings_json("file", all.findings))) std::abort();
  if (!nlohmann::json::accept(aks::findings_sarif("file", text, all.findings, "1"))) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const aks::ParsedConfig parsed =
      aks::parse_http_proxy_config({reinterpret_cast<const char*>(data), size});
  check_reports({reinterpret_cast<const char*>(data), size});
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
