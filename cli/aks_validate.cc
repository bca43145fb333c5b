#include "cli/aks_validate.h"

#include <iostream>
#include <memory>

#include "aks/cluster_facts.h"
#include "aks/findings_json.h"
#include "aks/findings_text.h"
#include "aks/foreign_text.h"
#include "aks/validate.h"
#include "base/version.h"
#include "cli/aks_input.h"
#include "cli/exit_code.h"

namespace cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  sluice aks validate aks-proxy-config.json                what az aks create --http-proxy-config gets
  sluice aks validate main.json --parameters prod.json     an ARM template, with all its clusters
  terraform show -json plan | sluice aks validate -        a plan of Terraform, or its state
  az aks show -g GROUP -n NAME | sluice aks validate -     what a cluster has now
  sluice aks validate --sarif config.json > result.sarif   for code scanning

Exit codes: 0 no errors, 1 errors (with --strict: or warnings), 2 wrong usage or a file that can't be
parsed, 3 a file that can't be read.)";

struct Flags {
  std::string file;
  std::string facts;
  std::string parameters;
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
  if (!facts) return complain(facts.error());
  options.facts = std::move(*facts);
  if (!flags.parameters.empty()) {
    auto parameters = read_parameters(flags.parameters, std::cerr);
    if (!parameters) return complain(parameters.error());
    options.parameters = std::move(*parameters);
  }
  const auto text = read_document(flags.file);
  if (!text) return complain(text.error());
  if (flags.purpose == "arm") {
    options.wrapped = std::nullopt;
  } else {
    options.wrapped = aks::Severity::kError;
  }
  const aks::Validation validation = aks::validate(*text, options);
  print(flags, aks::utf8_of_utf16(*text).value_or(*text), validation);
  if (validation.outcome == aks::Validation::Outcome::kUnreadable) return kWrongUsage;
  if (aks::has_errors(validation.findings)) return kCheckFailed;
  const bool warned = aks::count(validation.findings, aks::Severity::kWarning) > 0;
  return flags.strict && warned ? kCheckFailed : 0;
}

}  // namespace

void add_aks_validate(Command aks, int& exit_code) {
  const Command command =
      aks.add_subcommand("validate", "Find everything wrong with an httpProxyConfig");
  const auto flags = std::make_shared<Flags>();
  command
      .add_option(
          "FILE", flags->file,
          "JSON or YAML: a configuration, an ARM template or its parameters, a plan or state "
          "of Terraform as JSON, a manifest of CAPZ or ASO, or clusters as Azure prints "
          "them; - reads standard input")
      .required();
  command.add_option("--facts", flags->facts,
                     "JSON or YAML: " + aks::fact_names() + "; or one cluster as Azure prints it");
  command
      .add_option("--parameters", flags->parameters,
                  "values for an ARM template's parameters: the file of az deployment, or what az "
                  "bicep build-params makes of a .bicepparam")
      .value_name("FILE");
  command
      .add_option("--for", flags->purpose,
                  "cli: the file of --http-proxy-config; arm: a fragment of a template, wrapped or "
                  "not")
      .one_of({"cli", "arm"})
      .shows_default();
  const Option json = command.add_flag("--json", flags->json, "write the findings as JSON");
  command.add_flag("--sarif", flags->sarif, "write them as SARIF 2.1.0").excludes(json);
  command.add_flag("--strict", flags->strict, "warnings fail too");
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = run_validate(*flags); });
}

}  // namespace cli
