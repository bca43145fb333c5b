// sluice ca init. Makes a CA: a key and a self-signed certificate, in two new files.
#pragma once

namespace CLI {
class App;
}

namespace cli {

void add_ca_init(CLI::App& ca, int& exit_code);

}  // namespace cli
