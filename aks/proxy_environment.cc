#include "aks/proxy_environment.h"

#include "base/ascii.h"

namespace aks {
namespace {

struct Variable {
  const char* upper;
  const char* lower;
};

std::string choose(const GetVariable& get, const Variable& variable,
                   std::vector<Finding>& findings) {
  std::string upper = get(variable.upper).value_or("");
  std::string lower = get(variable.lower).value_or("");
  if (upper == lower) return upper;
  const std::string both = std::string(variable.upper) + " and " + variable.lower;
  if (upper.empty() || lower.empty()) {
    const char* missing = upper.empty() ? variable.upper : variable.lower;
    findings.push_back({Severity::kWarning, "variable-missing", missing,
                        std::string(missing) +
                            " is not set although its twin is; some clients "
                            "read one spelling only (curl and wget the lower case): set both"});
    return upper.empty() ? lower : upper;
  }
  findings.push_back({Severity::kWarning, "variables-differ", variable.upper,
                      both +
                          " differ; Go and reqwest use the upper case, most others the lower "
                          "case: set both to one value (this check uses " +
                          variable.upper + ")"});
  return upper;
}

}  // namespace

ParsedConfig from_environment(const GetVariable& get) {
  ParsedConfig out;
  HttpProxyConfig config;
  const std::string http = choose(get, {"HTTP_PROXY", "http_proxy"}, out.findings);
  const std::string https = choose(get, {"HTTPS_PROXY", "https_proxy"}, out.findings);
  const std::string no_proxy = choose(get, {"NO_PROXY", "no_proxy"}, out.findings);

  if (!http.empty()) {
    config.http_proxy = parse_proxy_url(http, ProxyUrlUse::kVariable, "HTTP_PROXY", out.findings);
  }
  if (!https.empty()) {
    config.https_proxy =
        parse_proxy_url(https, ProxyUrlUse::kVariable, "HTTPS_PROXY", out.findings);
  }
  if (http.empty() && https.empty()) {
    out.findings.push_back({Severity::kError, "variables-absent", "HTTPS_PROXY",
                            "neither HTTP_PROXY nor HTTPS_PROXY is set: set them, or name an "
                            "httpProxyConfig file"});
  } else if (https.empty()) {
    out.findings.push_back({Severity::kWarning, "variable-https", "HTTPS_PROXY",
                            "HTTPS_PROXY is not set; most clients do not fall back to HTTP_PROXY, "
                            "so https URLs go direct: set it to the same value"});
  }
  std::vector<std::string> entries;
  base::for_each_element(no_proxy, [&entries](std::string_view entry) {
    if (!entry.empty()) entries.emplace_back(entry);
  });
  lint_no_proxy(entries, "NO_PROXY", out.findings);
  config.no_proxy = std::move(entries);
  if (!has_errors(out.findings)) out.config = std::move(config);
  return out;
}

}  // namespace aks
