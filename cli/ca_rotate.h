// sluice ca rotate. The next CA, and a rehearsal of the way from this one to it.
#pragma once

namespace CLI {
class App;
}

namespace cli {

void add_ca_rotate(CLI::App& ca, int& exit_code);

}  // namespace cli
