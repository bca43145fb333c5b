#include "cli/aks_render_cluster.h"

#include <iostream>
#include <memory>
#include <optional>

#include "aks/render/ca_bundle.h"
#include "aks/render/istio.h"
#include "aks/render/monitoring.h"
#include "base/file.h"
#include "cli/aks_render_run.h"
#include "cli/exit_code.h"

namespace cli {
namespace {

using aks::Finding;
using aks::Severity;
using aks::render::Format;
using Made = std::optional<std::string>;

constexpr size_t kMaxSideFileBytes = 4 * 1024 * 1024;  // system roots are some 220 KiB

struct Flags {
  RenderFlags render;
  std::string part;
  std::string proxy_address, name_space;
  std::string user, password_file;
  std::string name = "proxy-ca";
  std::vector<std::string> containers;
  std::string roots_file;
  bool json = false;

  Format format() const { return json ? Format::kJson : Format::kYaml; }
};

// Whether the cluster has a proxy to be told about; appends an error when not.
bool has_proxy(const aks::HttpProxyConfig& config, std::vector<Finding>& findings) {
  if (config.enabled) return true;
  findings.push_back({Severity::kError, "render-disabled", "$.enabled",
                      "the configuration is disabled, so there is nothing to tell the cluster: "
                      "remove the objects of an earlier one instead"});
  return false;
}

Made istio(const Flags& flags, const RenderInput& input, std::vector<Finding>& findings) {
  if (!has_proxy(input.config, findings)) return std::nullopt;
  if (flags.part == "annotation")
    return aks::render::istio_annotation(input.config, flags.format());
  aks::render::IstioOptions options;
  options.name_space = flags.name_space;
  if (!flags.proxy_address.empty()) {
    options.proxy_address = base::IpAddress::parse(flags.proxy_address);
    if (!options.proxy_address) {
      findings.push_back({Severity::kError, "istio-address", "--proxy-address",
                          aks::cite(flags.proxy_address) + " is no IP address"});
      return std::nullopt;
    }
  }
  return aks::render::istio_service_entries(input.config, options, flags.format(), findings);
}

Made monitoring(const Flags& flags, const std::string& password, const RenderInput& input,
                std::vector<Finding>& findings) {
  if (!has_proxy(input.config, findings)) return std::nullopt;
  std::optional<aks::render::Credentials> credentials;
  if (!flags.user.empty()) credentials = {flags.user, password};
  aks::render::lint_monitoring(input.config, credentials, findings);
  if (flags.part == "secret") {
    return aks::render::monitoring_secret(input.config, credentials, flags.format());
  }
  aks::render::lint_facts(input.facts, findings);
  return aks::render::monitoring_settings(input.config, input.values, credentials, flags.format());
}

Made ca_bundle(const Flags& flags, const std::string& roots, const RenderInput& input,
               std::vector<Finding>& findings) {
  if (!has_proxy(input.config, findings)) return std::nullopt;
  const aks::render::CaBundleOptions options{flags.name, flags.name_space, flags.containers, roots};
  auto map = aks::render::ca_config_map(input.config, options, flags.format(), findings);
  if (!map || flags.part == "config-map") return map;
  return aks::render::ca_mount_patch(options, flags.format(), findings);
}

// What the file holds; "" without a file. Says so when it can't be read.
std::optional<std::string> side_file(const std::string& path) {
  if (path.empty()) return "";
  auto text = base::read_file(path, kMaxSideFileBytes);
  if (text) return std::move(*text);
  complain(text.error());
  return std::nullopt;
}

int run_monitoring(const Flags& flags) {
  auto password = side_file(flags.password_file);
  if (!password) return kEnvironmentTrouble;
  if (password->ends_with('\n')) password->pop_back();
  return run_render(flags.render, [&](const RenderInput& input, std::vector<Finding>& findings) {
    return monitoring(flags, *password, input, findings);
  });
}

int run_ca_bundle(const Flags& flags) {
  const auto roots = side_file(flags.roots_file);
  if (!roots) return kEnvironmentTrouble;
  return run_render(flags.render, [&](const RenderInput& input, std::vector<Finding>& findings) {
    return ca_bundle(flags, *roots, input, findings);
  });
}

struct Rendering {
  Command command;
  std::shared_ptr<Flags> flags;
};

Rendering add(Command render, const char* name, const char* description,
              std::vector<std::string> parts, const char* examples) {
  const Command command = render.add_subcommand(name, description);
  auto flags = std::make_shared<Flags>();
  flags->part = parts.front();
  command.add_option("--part", flags->part, "which of them")
      .one_of(std::move(parts))
      .shows_default();
  command.add_flag("--json", flags->json, "print JSON instead of YAML");
  command.footer(examples);
  return {command, std::move(flags)};
}

void add_istio(Command render, int& exit_code) {
  const auto [command, flags] =
      add(render, "istio", "Let a mesh reach the proxy", {"service-entry", "annotation"},
          "Examples:\n"
          "  sluice aks render istio config.json --proxy-address 10.1.0.4\n"
          "  sluice aks render istio config.json --part annotation");
  add_config_argument(command, flags->render);
  command.add_option("--proxy-address", flags->proxy_address, "of a proxy that is given by name")
      .value_name("ADDRESS");
  command.add_option("--namespace", flags->name_space, "of the objects").kubernetes_name();
  command.callback([flags = flags, &exit_code] {
    exit_code =
        run_render(flags->render, [&](const RenderInput& input, std::vector<Finding>& findings) {
          return istio(*flags, input, findings);
        });
  });
}

void add_monitoring(Command render, int& exit_code) {
  const auto [command, flags] =
      add(render, "monitoring", "Tell Container Insights' agent about the proxy",
          {"secret", "settings"},
          "Examples:\n"
          "  sluice aks render monitoring config.json\n"
          "  sluice aks render monitoring config.json --proxy-user logs --proxy-password-file pw");
  add_facts_arguments(command, flags->render);
  const Option user =
      command.add_option("--proxy-user", flags->user, "for a proxy that asks for one");
  const Option password = command.add_option("--proxy-password-file", flags->password_file,
                                             "its first line break at the end does not count");
  user.needs(password);
  password.needs(user);
  command.callback([flags = flags, &exit_code] { exit_code = run_monitoring(*flags); });
}

void add_ca_bundle(Command render, int& exit_code) {
  const auto [command, flags] =
      add(render, "ca-bundle", "trustedCa for pods, which AKS does not give them",
          {"config-map", "patch"},
          "Examples:\n"
          "  sluice aks render ca-bundle config.json --namespace shop | kubectl apply -f -\n"
          "  sluice aks render ca-bundle config.json --part patch --container app > patch.yaml");
  add_config_argument(command, flags->render);
  command.add_option("--name", flags->name, "of the ConfigMap").kubernetes_name().shows_default();
  command.add_option("--namespace", flags->name_space, "of the objects").kubernetes_name();
  command.add_option("--container", flags->containers, "that the patch is for; may be repeated")
      .kubernetes_name();
  command.add_option("--roots", flags->roots_file,
                     "PEM file of the clients' own roots, e.g. /etc/ssl/certs/ca-certificates.crt");
  command.callback([flags = flags, &exit_code] { exit_code = run_ca_bundle(*flags); });
}

}  // namespace

void add_aks_render_cluster(Command render, int& exit_code) {
  add_istio(render, exit_code);
  add_monitoring(render, exit_code);
  add_ca_bundle(render, exit_code);
}

}  // namespace cli
