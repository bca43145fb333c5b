#include "cli/config_command.h"

#include <algorithm>
#include <iostream>
#include <memory>

#include "base/escape.h"
#include "cli/exit_code.h"
#include "cli/load_config.h"
#include "config/json_schema.h"
#include "config/show.h"
#include "config/summary.h"

namespace cli {
namespace {

struct Arguments {
  ConfigOptions options;
  bool json = false;
  bool effective = false;
};

std::string name_of(const Arguments& arguments) {
  const std::string path = config_path(arguments.options);
  return path.empty() ? "built-in defaults" : path;
}

std::string counted(std::ptrdiff_t number, const std::string& noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

int check(const Arguments& arguments) {
  const auto loaded = load_layers(arguments.options);
  if (!loaded) return complain(loaded.error());
  const auto& problems = loaded->problems;
  const bool wrong = config::has_errors(problems);
  if (arguments.json) {
    std::cout << config::problems_json(name_of(arguments), problems);
    return wrong ? kWrongUsage : kOk;
  }
  for (const config::Problem& problem : problems) std::cout << to_string(problem) << "\n";
  const auto warnings = std::count_if(problems.begin(), problems.end(), [](const auto& problem) {
    return problem.severity == config::Severity::kWarning;
  });
  const auto errors = static_cast<std::ptrdiff_t>(problems.size()) - warnings;
  std::cout << name_of(arguments) << ": ";
  if (wrong) {
    std::cout << counted(errors, "error");
  } else {
    std::cout << "valid";
  }
  std::cout << (warnings > 0 ? ", " + counted(warnings, "warning") : "") << "\n";
  return wrong ? kWrongUsage : kOk;
}

int show(const Arguments& arguments) {
  const auto loaded = load_layers(arguments.options);
  if (!loaded) return complain(loaded.error());
  for (const config::Problem& problem : loaded->problems) std::cerr << to_string(problem) << "\n";
  if (config::has_errors(loaded->problems)) return kWrongUsage;
  if (arguments.json) {
    std::cout << config::show_json(loaded->config, loaded->sources);
    return kOk;
  }
  std::cout << "# " << base::one_line(loaded->config.read_from) << ": "
            << base::one_line(config::summary(loaded->config)) << "\n";
  if (arguments.effective) {
    std::cout << config::show_effective(loaded->config, loaded->sources);
  } else {
    const std::string changed = config::show_changed(loaded->config, loaded->sources);
    std::cout << (changed.empty() ? "# every key has its default; --effective prints them\n"
                                  : changed);
  }
  return kOk;
}

Command add_command(Command parent, const std::string& name, const std::string& description,
                    const std::string& footer) {
  return parent.add_subcommand(name, description).footer(footer);
}

}  // namespace

void add_config_command(Command app, int& exit_code) {
  const Command config =
      add_command(app, "config", "Checks, shows and describes the configuration",
                  "Examples:\n"
                  "  sluice config check -c sluice.yaml\n"
                  "  sluice config show --effective\n"
                  "  sluice config schema > sluice.schema.json\n\n"
                  "Exit codes: 0 fine, 2 wrong configuration, 3 file unreadable.");
  config.needs_subcommand();

  const auto arguments = std::make_shared<Arguments>();
  const Command check_command =
      add_command(config, "check", "Reports every problem of the configuration at once",
                  "Examples:\n"
                  "  sluice config check -c deploy/sluice.yaml\n"
                  "  sluice config check --set timeouts.idle=5x\n"
                  "  sluice config check --json | jq '.problems[].message'");
  add_config_options(check_command, arguments->options);
  check_command.add_flag("--json", arguments->json, "Prints the answer as JSON");
  check_command.callback([arguments, &exit_code] { exit_code = check(*arguments); });

  const Command show_command = add_command(
      config, "show", "Prints the configuration as YAML, with where each value came from",
      "Without --effective only what differs from having no configuration is printed.\n"
      "Secrets are masked.\n\n"
      "Examples:\n"
      "  sluice config show --effective\n"
      "  SLUICE_TIMEOUTS__IDLE=5s sluice config show\n"
      "  sluice config show --json | jq '.config.limits'");
  add_config_options(show_command, arguments->options);
  show_command.add_flag("--effective", arguments->effective, "Prints every key, also the defaults");
  show_command.add_flag("--json", arguments->json, "Prints every key and its source as JSON");
  show_command.callback([arguments, &exit_code] { exit_code = show(*arguments); });

  const Command schema_command =
      add_command(config, "schema", "Prints the JSON Schema of sluice.yaml, for editors",
                  "Example, for editors with a YAML language server:\n"
                  "  sluice config schema > sluice.schema.json\n"
                  "  and at the top of sluice.yaml:\n"
                  "  # yaml-language-server: $schema=sluice.schema.json");
  schema_command.callback([&exit_code] {
    std::cout << config::json_schema();
    exit_code = kOk;
  });
}

}  // namespace cli
