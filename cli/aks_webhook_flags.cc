#include "cli/aks_webhook_flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "aks/no_proxy_entry.h"
#include "base/ascii.h"

namespace cli {
namespace {

base::Failure wrong(std::string sentence) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient, std::move(sentence));
}

base::Result<std::vector<base::Cidr>> cidrs(const std::vector<std::string>& texts,
                                            const char* flag) {
  std::vector<base::Cidr> out;
  for (const std::string& text : texts) {
    const auto cidr = base::Cidr::parse(text);
    if (!cidr) {
      return wrong(std::string(flag) + " " + aks::cite(text) +
                   " is no address prefix; expected one such as 10.0.0.0/16 without host bits");
    }
    out.push_back(*cidr);
  }
  return out;
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

void add_webhook_flags(CLI::App& command, WebhookFlags& flags) {
  command
      .add_option("-f,--config", flags.config,
                  "httpProxyConfig JSON, the file of `az aks create --http-proxy-config`")
      ->type_name("FILE");
  command.add_option("--fqdn", flags.fqdn, "of the API server");
  command.add_option("--pod-cidr", flags.pod_cidrs, "may be repeated")->allow_extra_args(false);
  command.add_option("--service-cidr", flags.service_cidrs, "may be repeated")
      ->allow_extra_args(false);
  command.add_option("--vnet-cidr", flags.vnet_cidrs, "may be repeated")->allow_extra_args(false);
  command.add_option("--subnet-cidr", flags.subnet_cidrs, "may be repeated")
      ->allow_extra_args(false);
  command.add_flag("--init-containers", flags.init_containers,
                   "give init containers the variables too; AKS does not");
  command.add_flag("--ephemeral-containers", flags.ephemeral_containers,
                   "give ephemeral containers the variables too; AKS does not");
  command.add_option("--ca-configmap", flags.ca_config_map,
                     "ConfigMap of the pod's namespace to mount; AKS mounts none");
  command.add_option("--ca-key", flags.ca_key, "its key with the bundle; default ca.crt");
  command.add_option("--ca-directory", flags.ca_directory, "where; default /etc/sluice/ca");
  command
      .add_option("--ca-variable", flags.ca_variables,
                  "variable to set to the bundle's path, such as SSL_CERT_FILE; may be repeated")
      ->allow_extra_args(false);
}

base::Result<aks::webhook::Sources> sources_of(const WebhookFlags& flags) {
  if (flags.config.empty()) return wrong("name the httpProxyConfig file with --config FILE");
  aks::webhook::Sources sources;
  sources.config_file = flags.config;
  sources.facts.fqdn = flags.fqdn;
  struct {
    const char* flag;
    const std::vector<std::string>& texts;
    std::vector<base::Cidr>& into;
  } const lists[] = {{"--pod-cidr", flags.pod_cidrs, sources.facts.pod_cidrs},
                     {"--service-cidr", flags.service_cidrs, sources.facts.service_cidrs},
                     {"--vnet-cidr", flags.vnet_cidrs, sources.facts.vnet_cidrs},
                     {"--subnet-cidr", flags.subnet_cidrs, sources.facts.subnet_cidrs}};
  for (const auto& [flag, texts, into] : lists) {
    auto parsed = cidrs(texts, flag);
    if (!parsed) return base::fail(parsed.error());
    into = std::move(*parsed);
  }
  if (aks::NoProxyEntry entry = aks::parse_no_proxy_entry(flags.fqdn);
      !flags.fqdn.empty() && entry.kind != aks::NoProxyKind::kName) {
    return wrong("--fqdn " + aks::cite(flags.fqdn) + " is no host name");
  }
  sources.injection.init_containers = flags.init_containers;
  sources.injection.ephemeral_containers = flags.ephemeral_containers;
  auto ca = ca_of(flags);
  if (!ca) return base::fail(ca.error());
  sources.injection.ca = std::move(*ca);
  return sources;
}

std::vector<std::string> arguments_of(const WebhookFlags& flags) {
  std::vector<std::string> out;
  add_text(out, "--fqdn", flags.fqdn);
  add_each(out, "--pod-cidr", flags.pod_cidrs);
  add_each(out, "--service-cidr", flags.service_cidrs);
  add_each(out, "--vnet-cidr", flags.vnet_cidrs);
  add_each(out, "--subnet-cidr", flags.subnet_cidrs);
  if (flags.init_containers) out.emplace_back("--init-containers");
  if (flags.ephemeral_containers) out.emplace_back("--ephemeral-containers");
  add_text(out, "--ca-configmap", flags.ca_config_map);
  add_text(out, "--ca-key", flags.ca_key);
  add_text(out, "--ca-directory", flags.ca_directory);
  add_each(out, "--ca-variable", flags.ca_variables);
  return out;
}

}  // namespace cli
