#include "aks/render/ca_bundle.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "aks/trusted_ca.h"

namespace aks::render {
namespace {

using nlohmann::ordered_json;

constexpr char kVolume[] = "proxy-ca";
constexpr char kMountPath[] = "/etc/proxy-ca";
constexpr char kOwnFile[] = "proxy-ca.crt";
constexpr char kBundleFile[] = "ca-bundle.crt";
constexpr size_t kMaxConfigMapBytes = 1024 * 1024;

std::nullopt_t fail(std::vector<Finding>& findings, const char* rule, const char* path,
                    std::string message) {
  findings.push_back({Severity::kError, rule, path, std::move(message)});
  return std::nullopt;
}

// The certificates of `pem` without what stands between them.
std::optional<std::string> certificates_of(std::string_view pem) {
  const auto blocks = split_pem(pem);
  if (!blocks || blocks->empty()) return std::nullopt;
  std::string out;
  for (const PemBlock& block : *blocks) {
    if (block.label != "CERTIFICATE") return std::nullopt;
    out += block.text;
  }
  return out;
}

ordered_json variable(const char* name, const char* file) {
  return {{"name", name}, {"value", std::string(kMountPath) + "/" + file}};
}

ordered_json container_patch(const std::string& name, const CaBundleOptions& options) {
  ordered_json env = ordered_json::array({variable("NODE_EXTRA_CA_CERTS", kOwnFile)});
  if (!options.roots_pem.empty()) {
    env.push_back(variable("SSL_CERT_FILE", kBundleFile));
    env.push_back(variable("REQUESTS_CA_BUNDLE", kBundleFile));
  }
  const ordered_json mount = {{"name", kVolume}, {"mountPath", kMountPath}, {"readOnly", true}};
  return {{"name", name}, {"env", std::move(env)}, {"volumeMounts", ordered_json::array({mount})}};
}

}  // namespace

std::optional<std::string> ca_config_map(const HttpProxyConfig& config,
                                         const CaBundleOptions& options, Format format,
                                         std::vector<Finding>& findings) {
  if (config.trusted_ca_pem.empty()) {
    return fail(findings, "ca-bundle-empty", "$.trustedCa",
                "the configuration has no trustedCa, so pods need no bundle: set it first");
  }
  ordered_json data = {{kOwnFile, config.trusted_ca_pem}};
  if (!options.roots_pem.empty()) {
    const auto roots = certificates_of(options.roots_pem);
    if (!roots) {
      return fail(findings, "ca-bundle-roots", "--roots",
                  "the file holds something other than PEM certificates; expected the roots that "
                  "clients have, e.g. /etc/ssl/certs/ca-certificates.crt");
    }
    data[kBundleFile] = *roots + config.trusted_ca_pem;
    if (roots->size() + 2 * config.trusted_ca_pem.size() > kMaxConfigMapBytes) {
      return fail(findings, "ca-bundle-size", "--roots",
                  "roots and trustedCa are larger than the 1 MiB of a ConfigMap: leave out roots");
    }
  }
  ordered_json metadata = {{"name", options.name}};
  if (!options.name_space.empty()) metadata["namespace"] = options.name_space;
  const bool secret = options.kind == CaBundleOptions::Kind::kSecret;
  return print({{"apiVersion", "v1"},
                {"kind", secret ? "Secret" : "ConfigMap"},
                {"metadata", std::move(metadata)},
                {secret ? "stringData" : "data", std::move(data)}},
               format);
}

std::optional<std::string> ca_mount_patch(const CaBundleOptions& options, Format format,
                                          std::vector<Finding>& findings) {
  if (options.containers.empty()) {
    return fail(findings, "ca-bundle-container", "--container",
                "a patch is for containers by name: name each with --container");
  }
  if (options.roots_pem.empty()) {
    findings.push_back(
        {Severity::kNote, "ca-bundle-roots", "--roots",
         "SSL_CERT_FILE and REQUESTS_CA_BUNDLE replace a client's roots and are left "
         "out: give those roots with --roots to have them set"});
  }
  ordered_json spec;
  spec["volumes"] =
      ordered_json::array({{{"name", kVolume}, {"configMap", {{"name", options.name}}}}});
  spec["containers"] = ordered_json::array();
  for (const std::string& name : options.containers) {
    spec["containers"].push_back(container_patch(name, options));
  }
  return print({{"spec", {{"template", {{"spec", std::move(spec)}}}}}}, format);
}

}  // namespace aks::render
