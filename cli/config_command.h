// `sluice config`: check, show and describe the configuration.
#pragma once

namespace CLI {
class App;
}

namespace cli {

// Adds `config check|show|schema` to `app`. When one of them has run, `exit_code` is 0, or 2 for a
// wrong configuration, or 3 for a file that can't be read; it outlives the parsing. Answers go to
// standard output, what prevents an answer to standard error.
void add_config_command(CLI::App& app, int& exit_code);

}  // namespace cli
