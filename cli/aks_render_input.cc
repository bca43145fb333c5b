#include "cli/aks_render_input.h"

#include <CLI/CLI.hpp>

#include "aks/endpoint.h"
#include "base/file.h"

namespace cli {
namespace {

using aks::Finding;
using aks::Severity;

// Flags that are given replace what the file says.
void lay_over(const std::vector<std::string>& texts, const char* flag, std::vector<base::Cidr>& out,
              std::vector<Finding>& findings) {
  if (texts.empty()) return;
  out.clear();
  for (const std::string& text : texts) {
    const auto prefix = base::Cidr::parse(text);
    if (prefix) {
      out.push_back(*prefix);
    } else {
      findings.push_back({Severity::kError, "facts-type", flag,
                          aks::cite(text) +
                              " is no address prefix; expected one such as 10.0.0.0/16 "
                              "without host bits"});
    }
  }
}

void lay_over(const RenderFlags& flags, aks::ClusterFacts& facts, std::vector<Finding>& findings) {
  if (!flags.fqdn.empty()) facts.fqdn = flags.fqdn;
  if (!flags.region.empty()) facts.region = flags.region;
  facts.region = aks::normal_region(facts.region).value_or(facts.region);
  lay_over(flags.pod_cidrs, "--pod-cidr", facts.pod_cidrs, findings);
  lay_over(flags.service_cidrs, "--service-cidr", facts.service_cidrs, findings);
  lay_over(flags.vnet_cidrs, "--vnet-cidr", facts.vnet_cidrs, findings);
  lay_over(flags.subnet_cidrs, "--subnet-cidr", facts.subnet_cidrs, findings);
  if (!facts.fqdn.empty()) aks::lint_no_proxy({facts.fqdn}, "--fqdn", findings);
}

void append(std::vector<Finding>& to, std::vector<Finding> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

void add_config_argument(CLI::App& command, RenderFlags& flags) {
  command
      .add_option("CONFIG", flags.config_file,
                  "httpProxyConfig, the file of az aks --http-proxy-config")
      ->required();
}

void add_facts_arguments(CLI::App& command, RenderFlags& flags) {
  add_config_argument(command, flags);
  command.add_option("FACTS", flags.facts_file,
                     "the cluster's facts as JSON, or the output of az aks show -o json");
  command.add_option("--fqdn", flags.fqdn, "of the API server");
  command.add_option("--region", flags.region, "e.g. westeurope; checked against --fqdn");
  command.add_option("--pod-cidr", flags.pod_cidrs, "may be repeated")->allow_extra_args(false);
  command.add_option("--service-cidr", flags.service_cidrs, "may be repeated")
      ->allow_extra_args(false);
  command.add_option("--vnet-cidr", flags.vnet_cidrs, "may be repeated")->allow_extra_args(false);
  command.add_option("--subnet-cidr", flags.subnet_cidrs, "may be repeated")
      ->allow_extra_args(false);
}

base::Result<std::optional<RenderInput>> load_render_input(const RenderFlags& flags,
                                                           std::vector<Finding>& findings) {
  const auto config_text = base::read_file(flags.config_file, aks::kMaxConfigBytes);
  if (!config_text) return base::fail(config_text.error());
  aks::ParsedConfig parsed = aks::parse_http_proxy_config(*config_text);
  append(findings, std::move(parsed.findings));
  if (parsed.config) aks::render::lint_values(*parsed.config, findings);

  aks::ParsedFacts facts;
  facts.facts.emplace();
  if (!flags.facts_file.empty()) {
    const auto facts_text = base::read_file(flags.facts_file, aks::kMaxConfigBytes);
    if (!facts_text) return base::fail(facts_text.error());
    facts = aks::parse_cluster_facts(*facts_text);
    append(findings, std::move(facts.findings));
  }
  if (facts.facts) lay_over(flags, *facts.facts, findings);

  const std::string& token = flags.distro.empty() ? facts.distro : flags.distro;
  const auto distro = aks::render::parse_distro(token.empty() ? "ubuntu" : token);
  if (!distro) {
    findings.push_back({Severity::kError, "facts-distro", "--distro",
                        aks::cite(token) + " is no distribution of AKS nodes; expected ubuntu, "
                                           "azurelinux, azurelinux-osguard or flatcar"});
  }
  if (aks::has_errors(findings)) return std::optional<RenderInput>();
  RenderInput input{std::move(*parsed.config), std::move(*facts.facts), {}, *distro};
  input.values = aks::render::values_of(input.config, input.facts);
  return std::optional<RenderInput>(std::move(input));
}

}  // namespace cli
