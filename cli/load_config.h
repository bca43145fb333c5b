// The way from the command line to a configuration, shared by every command that needs one.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/command.h"
#include "config/load.h"
#include "config/schema.h"

namespace cli {

// What flags say about the configuration.
struct ConfigOptions {
  std::string path;                 // -c; empty: the first of the usual places that exists
  std::vector<std::string> sets;    // --set key=value
  std::vector<std::string> listen;  // --listen, each an endpoint or several with commas
  std::string workers;              // --workers; empty: not given
  std::string profile;              // --profile
  std::string learn;                // --learn
};

// Adds -c alone. `options` outlives the parsing.
void add_config_file_option(Command app, ConfigOptions& options);
// Adds -c, --set, --listen, --workers, --profile and --learn to a command. `options` outlives the
// parsing.
void add_config_options(Command app, ConfigOptions& options);

// The file that is read: the one named, else ./sluice.yaml, else /etc/sluice/sluice.yaml; empty
// when there is none, which means the built-in defaults.
std::string config_path(const ConfigOptions& options);

// Puts the layers together: defaults, file, this process's environment, flags. Fails (party: proxy,
// kIo) when the file can't be read; problems with what it says are in the result.
base::Result<config::Loaded> load_layers(const ConfigOptions& options);

// The configuration, ready for use. Writes all problems, and warnings, to `err`, a line each.
// nullopt when it can't be used; `exit_code` is then 2 for a wrong configuration, 3 for an
// unreadable file.
std::optional<config::Config> load_config(const ConfigOptions& options, std::ostream& err,
                                          int& exit_code);

}  // namespace cli
