#include "cli/noproxy_input.h"

#include <iostream>

#include "aks/http_proxy_config.h"
#include "aks/render/values.h"
#include "cli/aks_input.h"

namespace cli {
namespace {

base::Failure wrong(const char* sentence) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient, sentence);
}

// Whether a finding bears on what clients are told; the rest is for `sluice aks validate`.
bool matters(const aks::Finding& finding) {
  return finding.severity == aks::Severity::kError || finding.rule == "config-disabled" ||
         finding.rule == "facts-missing";
}

}  // namespace

void add_config_flags(Command command, ConfigFlags& flags) {
  command
      .add_option("-f, --http-proxy-config", flags.file,
                  "httpProxyConfig JSON: the variables that AKS sets, given the cluster's facts")
      .value_name("FILE")
      .not_called({"--config", "-c"});
  add_facts_flags(command, flags.facts);
}

base::Result<ToldByAks> read_told_by_aks(const ConfigFlags& flags) {
  const auto text = read_document(flags.file);
  if (!text) return base::fail(text.error());
  aks::ParsedConfig parsed = aks::parse_http_proxy_config(*text);
  const auto facts = facts_of(flags.facts);
  if (!facts) return base::fail(facts.error());
  if (parsed.config && parsed.config->enabled) aks::render::lint_facts(*facts, parsed.findings);
  for (const aks::Finding& finding : parsed.findings) {
    if (matters(finding)) std::cerr << aks::to_string(finding) << "\n";
  }
  if (!parsed.config) return wrong("the httpProxyConfig has errors (above); mend them first");
  ToldByAks told;
  if (!parsed.config->enabled) return told;
  told.list = aks::join_no_proxy(aks::effective_no_proxy(parsed.config->no_proxy, *facts));
  told.environment = aks::no_proxy::told_by_aks(*parsed.config, told.list);
  return told;
}

base::Result<void> check_config_flags(const ConfigFlags& flags) {
  if (!flags.file.empty() || flags.facts == FactsFlags{}) return {};
  return wrong(
      "--facts and the cluster's flags complete an httpProxyConfig; name one with -f, "
      "--http-proxy-config");
}

}  // namespace cli
