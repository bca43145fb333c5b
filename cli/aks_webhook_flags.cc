#include "cli/aks_webhook_flags.h"

#include <algorithm>
#include <iostream>
#include <optional>

#include "aks/render/values.h"
#include "base/ascii.h"

namespace cli {
namespace {

base::Failure wrong(std::string sentence) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient, std::move(sentence));
}

// What Kubernetes takes for a variable's name everywhere (C_IDENTIFIER).
bool is_variable(std::string_view name) {
  return !name.empty() && !base::is_digit(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return base::is_alpha(c) || base::is_digit(c) || c == '_'; });
}

void add_each(std::vector<std::string>& out, const char* flag,
              const std::vector<std::string>& values) {
  for (const std::string& value : values) {
    out.emplace_back(flag);
    out.push_back(value);
  }
}

void add_text(std::vector<std::string>& out, const char* flag, const std::string& value) {
  if (!value.empty()) add_each(out, flag, {value});
}

base::Result<std::optional<aks::CaMount>> ca_of(const WebhookFlags& flags) {
  if (flags.ca_config_map.empty()) {
    const bool orphaned =
        !flags.ca_key.empty() || !flags.ca_directory.empty() || !flags.ca_variables.empty();
    if (orphaned) return wrong("the --ca-… flags need --ca-configmap, the ConfigMap to mount");
    return std::optional<aks::CaMount>();
  }
  aks::CaMount ca;
  ca.config_map = flags.ca_config_map;
  if (!flags.ca_key.empty()) ca.key = flags.ca_key;
  if (!flags.ca_directory.empty()) ca.directory = flags.ca_directory;
  if (ca.directory.front() != '/' || ca.directory.find(':') != std::string::npos) {
    return wrong("--ca-directory " + aks::cite(ca.directory) +
                 " is no absolute path without \":\", which Kubernetes takes for a mount");
  }
  for (const std::string& name : flags.ca_variables) {
    if (!is_variable(name)) {
      return wrong("--ca-variable " + aks::cite(name) +
                   " is no variable's name; expected letters, digits and \"_\"");
    }
  }
  ca.variables = flags.ca_variables;
  return std::optional<aks::CaMount>(std::move(ca));
}

}  // namespace

void add_webhook_flags(Command command, WebhookFlags& flags) {
  command
      .add_option("-f, --http-proxy-config", flags.config,
                  "httpProxyConfig JSON, the file of `az aks create --http-proxy-config`")
      .value_name("FILE")
      .not_called({"--config", "-c"});
  add_facts_flags(command, flags.facts);
  command.add_flag("--init-containers", flags.init_containers,
                   "give init containers the variables too; AKS does not");
  command.add_flag("--ephemeral-containers", flags.ephemeral_containers,
                   "give ephemeral containers the variables too; AKS does not");
  command.add_flag("--service-host", flags.service_host,
                   "set KUBERNETES_SERVICE_HOST to --fqdn in pods annotated "
                   "kubernetes.azure.com/set-kube-service-host-fqdn, as AKS does");
  command.add_option("--ca-configmap", flags.ca_config_map,
                     "ConfigMap of the pod's namespace to mount; AKS mounts none");
  command.add_option("--ca-key", flags.ca_key, "its key with the bundle; default ca.crt");
  command.add_option("--ca-directory", flags.ca_directory, "where; default /etc/sluice/ca");
  command.add_option(
      "--ca-variable", flags.ca_variables,
      "variable to set to the bundle's path, such as SSL_CERT_FILE; may be repeated");
}

base::Result<aks::webhook::Sources> sources_of(const WebhookFlags& flags) {
  if (flags.config.empty())
    return wrong("name the httpProxyConfig file with -f, --http-proxy-config FILE");
  aks::webhook::Sources sources;
  sources.config_file = flags.config;
  auto facts = facts_of(flags.facts);
  if (!facts) return base::fail(facts.error());
  sources.facts = std::move(*facts);
  sources.injection.init_containers = flags.init_containers;
  sources.injection.ephemeral_containers = flags.ephemeral_containers;
  if (flags.service_host) {
    if (sources.facts.fqdn.empty()) {
      return wrong("--service-host needs the API server's name: give it with --fqdn or --facts");
    }
    sources.injection.service_host = sources.facts.fqdn;
  }
  auto ca = ca_of(flags);
  if (!ca) return base::fail(ca.error());
  sources.injection.ca = std::move(*ca);
  return sources;
}

base::Result<std::shared_ptr<const aks::PodInjection>> load_pods(
    const aks::webhook::Sources& sources) {
  std::vector<aks::Finding> findings;
  auto injection = aks::webhook::load_injection(sources, findings);
  // Without variables there is no list that misses anything.
  if (injection && !(*injection)->variables.empty()) {
    aks::render::lint_facts(sources.facts, findings);
  }
  for (const aks::Finding& finding : findings) std::cerr << aks::to_string(finding) << "\n";
  return injection;
}

std::vector<std::string> arguments_of(const WebhookFlags& flags, const aks::ClusterFacts& facts) {
  std::vector<std::string> out = arguments_of(facts);
  if (flags.init_containers) out.emplace_back("--init-containers");
  if (flags.ephemeral_containers) out.emplace_back("--ephemeral-containers");
  if (flags.service_host) out.emplace_back("--service-host");
  add_text(out, "--ca-configmap", flags.ca_config_map);
  add_text(out, "--ca-key", flags.ca_key);
  add_text(out, "--ca-directory", flags.ca_directory);
  add_each(out, "--ca-variable", flags.ca_variables);
  return out;
}

}  // namespace cli
