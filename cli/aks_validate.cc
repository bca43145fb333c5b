#include "cli/aks_validate.h"

#include <iostream>
#include <memory>

#include "aks/findings_json.h"
#include "aks/findings_text.h"
#include "aks/validate.h"
#include "base/version.h"
#include "cli/aks_input.h"

namespace cli {
namespace {

constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

constexpr const char* kExamples = R"(Examples:
  sluice aks validate aks-proxy-config.json                what az aks create --http-proxy-config gets
  sluice aks validate --facts cluster.yaml template.json   an ARM template, with all its clusters
  az aks show -g GROUP -n NAME | sluice aks validate --for arm -   what a cluster has now
  sluice aks validate --sarif config.json > result.sarif   for code scanning

Exit codes: 0 no errors, 1 errors (with --strict: or warnings), 2 wrong usage or a file that can't be
parsed, 3 a file that can't be read.)";

struct Flags {
  std::string file;
  std::string facts;
  std::string purpose = "cli";
  bool json = false;
  bool sarif = false;
  bool strict = false;
};

void print(const Flags& flags, const std::string& text, const aks::Validation& validation) {
  const std::string name = shown_name(flags.file);
  if (flags.json) {
    std::cout << aks::findings_json(name, validation.findings);
  } else if (flags.sarif) {
    std::cout << aks::findings_sarif(name, text, validation.findings, base::version());
  } else {
    std::cout << aks::format_findings(name, text, validation.findings) << name << ": "
              << aks::summary_line(validation.findings) << "\n";
  }
}

int run_validate(const Flags& flags) {
  aks::ValidateOptions options;
  options.now = base::wall_now();
  auto facts = read_facts(flags.facts, std::cerr);
  if (!facts) return complain(facts.error(), std::cerr);
  options.facts = std::move(*facts);
  const auto text = read_document(flags.file);
  if (!text) return complain(text.error(), std::cerr);
  if (flags.purpose == "arm") {
    options.wrapped = std::nullopt;
  } else {
    options.wrapped = aks::Severity::kError;
  }
  const aks::Validation validation = aks::validate(*text, options);
  print(flags, *text, validation);
  if (validation.outcome == aks::Validation::Outcome::kUnreadable) return kWrongUsage;
  if (aks::has_errors(validation.findings)) return kFailed;
  const bool warned = aks::count(validation.findings, aks::Severity::kWarning) > 0;
  return flags.strict && warned ? kFailed : 0;
}

}  // namespace

void add_aks_validate(Command aks, int& exit_code) {
  const Command command =
      aks.add_subcommand("validate", "Find everything wrong with an httpProxyConfig");
  const auto flags = std::make_shared<Flags>();
  command.add_option("FILE", flags->file, "JSON, an ARM template or YAML; - reads standard input")
      .required();
  command.add_option("--facts", flags->facts,
                     "JSON or YAML: fqdn, region, podCidrs, serviceCidrs, vnetCidrs, subnetCidrs, "
                     "privateRegistries; or the output of az aks show");
  command
      .add_option("--for", flags->purpose,
                  "cli: the file of --http-proxy-config; arm: a fragment of a template, or the "
                  "output of az aks show, wrapped or not")
      .one_of({"cli", "arm"})
      .capture_default_str();
  const Option json = command.add_flag("--json", flags->json, "write the findings as JSON");
  command.add_flag("--sarif", flags->sarif, "write them as SARIF 2.1.0").excludes(json);
  command.add_flag("--strict", flags->strict, "warnings fail too");
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = run_validate(*flags); });
}

}  // namespace cli
