#include "aks/render/templates.h"

#include <nlohmann/json.hpp>

#include "aks/render/quote.h"

namespace aks::render {
namespace {

using nlohmann::ordered_json;

std::string as_is(std::string_view text) { return std::string(text); }

ordered_json object_of(const HttpProxyConfig& config, std::string (*text)(std::string_view)) {
  ordered_json object;
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) object[key] = text(value);
  };
  if (!config.enabled) object["enabled"] = false;
  add("httpProxy", config.written.http_proxy);
  add("httpsProxy", config.written.https_proxy);
  ordered_json entries = ordered_json::array();
  for (const std::string& entry : config.no_proxy) entries.push_back(text(entry));
  if (!entries.empty()) object["noProxy"] = std::move(entries);
  add("trustedCa", config.written.trusted_ca);
  return object;
}

}  // namespace

std::string cli_file(const HttpProxyConfig& config) {
  return object_of(config, as_is).dump(2) + "\n";
}

std::string arm_template(const HttpProxyConfig& config) {
  const ordered_json object = {{"properties", {{"httpProxyConfig", object_of(config, arm_text)}}}};
  return object.dump(2) + "\n";
}

std::string bicep_property(const HttpProxyConfig& config) {
  std::string out = "httpProxyConfig: {\n";
  const auto add = [&out](const char* key, const std::string& value) {
    if (!value.empty()) out += std::string("  ") + key + ": " + bicep_quoted(value) + "\n";
  };
  if (!config.enabled) out += "  enabled: false\n";
  add("httpProxy", config.written.http_proxy);
  add("httpsProxy", config.written.https_proxy);
  if (!config.no_proxy.empty()) {
    out += "  noProxy: [\n";
    for (const std::string& entry : config.no_proxy) out += "    " + bicep_quoted(entry) + "\n";
    out += "  ]\n";
  }
  add("trustedCa", config.written.trusted_ca);
  return out + "}\n";
}

std::string terraform_block(const HttpProxyConfig& config, std::vector<Finding>& findings) {
  if (!config.enabled) {
    findings.push_back(
        {Severity::kWarning, "terraform-enabled", "$.enabled",
         "the block http_proxy_config has no way to say disabled; the block is written "
         "as if enabled: run az aks update --disable-http-proxy"});
  }
  std::string out = "http_proxy_config {\n";
  const auto add = [&out](const char* padded_key, const std::string& value) {
    if (!value.empty()) out += std::string("  ") + padded_key + " = " + hcl_quoted(value) + "\n";
  };
  add("http_proxy ", config.written.http_proxy);
  add("https_proxy", config.written.https_proxy);
  if (!config.no_proxy.empty()) {
    out += "  no_proxy = [\n";
    for (const std::string& entry : config.no_proxy) out += "    " + hcl_quoted(entry) + ",\n";
    out += "  ]\n";
  }
  add("trusted_ca", config.written.trusted_ca);
  return out +
         "}\n\n"
         "lifecycle {\n"
         "  # Only for versions of AKS and the provider that return AKS's own entries inside "
         "no_proxy,\n"
         "  # which would be a change at every plan: leave it out where a plan without it is "
         "empty, "
         "and for\n"
         "  # the apply that changes no_proxy itself.\n"
         "  ignore_changes = [http_proxy_config[0].no_proxy]\n"
         "}\n";
}

}  // namespace aks::render
