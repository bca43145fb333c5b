#include "aks/render/node_files.h"

#include <array>

#include "aks/trusted_ca.h"
#include "base/ascii.h"

namespace aks::render {
namespace {

constexpr std::array<Distro, 4> kDistros = {Distro::kUbuntu, Distro::kAzureLinux,
                                            Distro::kAzureLinuxOsGuard, Distro::kFlatcar};

std::string environment_lines(const Values& values) {
  std::string out;
  for (const auto& [name, value] : variables_of(values)) out += name + "=" + value + "\n";
  return out;
}

std::string apt_lines(const Values& values) {
  std::string out;
  if (!values.http_proxy.empty()) {
    out += "Acquire::http::proxy \"" + values.http_proxy + "\";\n";
  }
  if (!values.https_proxy.empty()) {
    out += "Acquire::https::proxy \"" + values.https_proxy + "\";\n";
  }
  return out;
}

std::string systemd_lines(const Values& values) {
  std::string out = "[Manager]\n";
  for (const auto& [name, value] : variables_of(values)) {
    out += "DefaultEnvironment=\"" + name + "=" + value + "\"\n";
  }
  return out;
}

struct Reader {
  const char* what;
  std::string_view special;
  const char* effect;
};

constexpr std::array<Reader, 4> kReaders = {{
    {"/etc/environment", " #'\"\\", "pam_env and systemd cut or unquote the value there"},
    {"apt's 95proxy", "\"\\", "apt refuses its whole configuration"},
    {"systemd's proxy.conf", "\"\\%", "systemd drops or expands the value"},
    {"PROXY_VARS", "\"\\$`", "the node's shell expands it, commands included"},
}};

void lint_value(const std::string& value, const char* path, std::vector<Finding>& findings) {
  for (const Reader& reader : kReaders) {
    const size_t at = value.find_first_of(reader.special);
    if (at == std::string::npos) continue;
    findings.push_back({Severity::kWarning, "node-unquoted", path,
                        cite(value) + " has a `" + value[at] + "`, which AKS does not quote in " +
                            reader.what + ", so " + reader.effect +
                            ": keep the proxy to scheme, host and port"});
  }
}

}  // namespace

std::string_view token_of(Distro distro) {
  switch (distro) {
    case Distro::kUbuntu: return "ubuntu";
    case Distro::kAzureLinux: return "azurelinux";
    case Distro::kAzureLinuxOsGuard: return "azurelinux-osguard";
    case Distro::kFlatcar: return "flatcar";
  }
  return "";
}

std::optional<Distro> parse_distro(std::string_view token) {
  const std::string name = base::lower(token);
  for (const Distro distro : kDistros) {
    if (token_of(distro) == name) return distro;
  }
  if (name == "mariner") return Distro::kAzureLinux;
  if (name == "acl") return Distro::kAzureLinuxOsGuard;
  return std::nullopt;
}

CaStore ca_store(Distro distro) {
  switch (distro) {
    case Distro::kUbuntu:
      return {"/usr/local/share/ca-certificates/proxyCA.crt", "update-ca-certificates"};
    case Distro::kAzureLinux:
      return {"/usr/share/pki/ca-trust-source/anchors/proxyCA.crt", "update-ca-trust"};
    case Distro::kAzureLinuxOsGuard:
      return {"/etc/pki/ca-trust/source/anchors/proxyCA.crt", "update-ca-trust"};
    case Distro::kFlatcar: return {"/etc/ssl/certs/proxyCA.pem", "update-ca-certificates"};
  }
  return {};
}

std::vector<NodeFile> node_files(const Values& values, Distro distro) {
  std::vector<NodeFile> files;
  if (!values.configures_nodes()) return files;
  if (!values.trusted_ca.empty()) {
    files.push_back({std::string(ca_store(distro).path), "", Ownership::kFile,
                     decode_base64(values.trusted_ca).value_or("")});
  }
  files.push_back({"/etc/environment", "", Ownership::kLines, environment_lines(values)});
  files.push_back({"/etc/apt/apt.conf.d/95proxy", "0644", Ownership::kLines, apt_lines(values)});
  files.push_back(
      {"/etc/systemd/system.conf.d/proxy.conf", "0644", Ownership::kLines, systemd_lines(values)});
  files.push_back({"/etc/systemd/system/kubelet.service.d/10-httpproxy.conf", "", Ownership::kFile,
                   "[Service]\nEnvironmentFile=/etc/environment\n"});
  return files;
}

void lint_node_values(const Values& values, std::vector<Finding>& findings) {
  lint_value(values.http_proxy, "$.httpProxy", findings);
  if (values.https_proxy != values.http_proxy) {
    lint_value(values.https_proxy, "$.httpsProxy", findings);
  }
}

void lint_node_files(const Values& values, Distro distro, std::vector<Finding>& findings) {
  lint_node_values(values, findings);
  if (distro != Distro::kUbuntu && values.configures_nodes()) {
    findings.push_back({Severity::kNote, "node-apt", "--distro",
                        "AKS writes apt's 95proxy on every distribution; " +
                            std::string(token_of(distro)) + " has no apt to read it"});
  }
}

}  // namespace aks::render
