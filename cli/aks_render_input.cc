#include "cli/aks_render_input.h"

#include "aks/endpoint.h"
#include "aks/unsupported.h"
#include "base/file.h"

namespace cli {
namespace {

using aks::Finding;
using aks::Severity;

void append(std::vector<Finding>& to, std::vector<Finding> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

void add_config_argument(Command command, RenderFlags& flags) {
  command
      .add_option("CONFIG", flags.config_file,
                  "httpProxyConfig, the file of az aks --http-proxy-config")
      .required();
}

void add_facts_arguments(Command command, RenderFlags& flags) {
  add_config_argument(command, flags);
  const Option facts = add_facts_flags(command, flags.facts);
  command
      .add_option("FACTS", flags.facts.file,
                  "the cluster's facts as JSON, the output of az aks show, or infrastructure code")
      .excludes(facts);
  command.add_option("--region", flags.region, "e.g. westeurope; checked against --fqdn");
}

base::Result<std::optional<RenderInput>> load_render_input(const RenderFlags& flags,
                                                           std::vector<Finding>& findings) {
  const auto config_text = base::read_file(flags.config_file, aks::kMaxConfigBytes);
  if (!config_text) return base::fail(config_text.error());
  aks::ParsedConfig parsed = aks::parse_http_proxy_config(*config_text);
  append(findings, std::move(parsed.findings));
  if (parsed.config) aks::render::lint_values(*parsed.config, findings);

  auto facts = read_facts_flags(flags.facts);
  if (!facts) return base::fail(facts.error());
  append(findings, std::move(facts->findings));

  const std::string& token = flags.distro.empty() ? facts->distro : flags.distro;
  const auto distro = aks::render::parse_distro(token.empty() ? "ubuntu" : token);
  if (!distro) {
    findings.push_back({Severity::kError, "facts-distro", "--distro",
                        aks::cite(token) + " is no distribution of AKS nodes; expected ubuntu, "
                                           "azurelinux, azurelinux-osguard or flatcar"});
  }
  if (distro == aks::render::Distro::kFlatcar) {
    findings.push_back(
        {Severity::kWarning, "unsupported-flatcar", "--distro", aks::flatcar_warning()});
  }
  if (aks::has_errors(findings)) return std::optional<RenderInput>();
  RenderInput input{std::move(*parsed.config), std::move(*facts->facts), {}, *distro};
  std::string& region = input.facts.region;
  if (!flags.region.empty()) region = flags.region;
  region = aks::normal_region(region).value_or(region);
  input.values = aks::render::values_of(input.config, input.facts);
  return std::optional<RenderInput>(std::move(input));
}

}  // namespace cli
