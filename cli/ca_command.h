// sluice ca: the authority that signs what inspected clients see.
#pragma once

namespace CLI {
class App;
}

namespace cli {

void add_ca_command(CLI::App& app, int& exit_code);

}  // namespace cli
