// `sluice lab`: the simulated internet and cluster as servers, for labs made of several machines or
// containers (docker-compose.yml).
#pragma once

namespace CLI {
class App;
}

namespace cli {

void add_lab_command(CLI::App& app, int& exit_code);

}  // namespace cli
