#include "cli/load_config.h"

#include <unistd.h>

#include <filesystem>
#include <ostream>
#include <system_error>

#include "cli/exit_code.h"
#include "cli/resolve_config.h"
#include "config/override.h"
#include "config/summary.h"
#include "tls/sha256.h"

namespace cli {
namespace {

constexpr std::size_t kHashDigits = 12;  // as git shortens; nobody forges a file here

std::vector<std::string> process_environment() {
  std::vector<std::string> variables;
  for (char** variable = ::environ; variable != nullptr && *variable != nullptr; ++variable) {
    variables.emplace_back(*variable);
  }
  return variables;
}

config::Overrides overrides_of(const ConfigOptions& options) {
  config::Overrides overrides;
  config::add_environment(overrides, process_environment());
  for (const std::string& set : options.sets) config::add_set_flag(overrides, set);
  if (!options.listen.empty()) {
    std::string joined;
    for (const std::string& each : options.listen) joined += (joined.empty() ? "" : ",") + each;
    overrides.values.push_back({"listen", joined, {config::Layer::kFlag, "--listen"}});
  }
  if (!options.workers.empty()) {
    overrides.values.push_back({"workers", options.workers, {config::Layer::kFlag, "--workers"}});
  }
  if (!options.profile.empty()) {
    overrides.values.push_back(
        {"policy.profile", options.profile, {config::Layer::kFlag, "--profile"}});
  }
  if (!options.learn.empty()) {
    overrides.values.push_back({"learn.file", options.learn, {config::Layer::kFlag, "--learn"}});
  }
  config::put_flags_last(overrides);
  return overrides;
}

}  // namespace

void add_config_file_option(Command app, ConfigOptions& options) {
  app.add_option(
         "-c, --config", options.path,
         "The configuration file (default: ./sluice.yaml, else /etc/sluice/sluice.yaml, else "
         "built-in defaults)")
      .value_name("FILE")
      .not_called({"-f", "--file"});
}

void add_config_options(Command app, ConfigOptions& options) {
  add_config_file_option(app, options);
  app.add_option("--set", options.sets,
                 "Sets any key, over the file: --set timeouts.idle=30s; may be repeated")
      .value_name("KEY=VALUE");
  app.add_option("--listen", options.listen,
                 "Where clients connect, instead of the file's list; may be repeated")
      .value_name("ADDRESS:PORT");
  app.add_option("--workers", options.workers, "Threads: a number, or auto for one each CPU")
      .value_name("N");
  app.add_option("--profile", options.profile,
                 "Allow what a cluster in REGION with these add-ons needs, and nothing else")
      .value_name("aks:[CLOUD:]REGION[,ADDON...]");
  app.add_option("--learn", options.learn, "Record destinations here, for `sluice aks learn`")
      .value_name("FILE");
}

std::string config_path(const ConfigOptions& options) {
  if (!options.path.empty()) return options.path;
  for (const char* usual : {"sluice.yaml", "/etc/sluice/sluice.yaml"}) {
    // A file that is there but out of reach counts: passing over it would hide the mistake.
    std::error_code failure;
    const auto status = std::filesystem::status(usual, failure);
    if (status.type() != std::filesystem::file_type::not_found) return usual;
  }
  return {};
}

base::Result<config::Loaded> load_layers(const ConfigOptions& options) {
  const std::string kNoFile = "built-in defaults";
  const config::Overrides overrides = overrides_of(options);
  const std::string path = config_path(options);
  auto loaded =
      path.empty() ? config::load_text("", kNoFile, overrides) : config::load_file(path, overrides);
  if (!loaded) return loaded;
  resolve_references(*loaded, path.empty() ? kNoFile : path);
  loaded->config.read_from =
      (path.empty() ? kNoFile
                    : path + " (sha256 " + tls::sha256(loaded->text).substr(0, kHashDigits) + ")") +
      config::layers_over_file(loaded->sources);
  return loaded;
}

std::optional<config::Config> load_config(const ConfigOptions& options, std::ostream& err,
                                          int& exit_code) {
  auto loaded = load_layers(options);
  if (!loaded) {
    err << "sluice: " << loaded.error().detail << "\n";
    exit_code = kEnvironmentTrouble;
    return std::nullopt;
  }
  for (const config::Problem& problem : loaded->problems) err << to_string(problem) << "\n";
  if (config::has_errors(loaded->problems)) {
    exit_code = kWrongUsage;
    return std::nullopt;
  }
  return std::move(loaded->config);
}

}  // namespace cli
