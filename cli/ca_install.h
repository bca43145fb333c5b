// sluice ca install. How each kind of system and program is made to trust the CA.
#pragma once

namespace CLI {
class App;
}

namespace cli {

void add_ca_install(CLI::App& ca, int& exit_code);

}  // namespace cli
