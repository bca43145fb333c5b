// sluice ca show. What a CA is, and what will be wrong with it.
#pragma once

namespace CLI {
class App;
}

namespace cli {

void add_ca_show(CLI::App& ca, int& exit_code);

}  // namespace cli
