// sluice ca bundle. The CA's certificates in the form that a client reads.
#pragma once

namespace CLI {
class App;
}

namespace cli {

void add_ca_bundle(CLI::App& ca, int& exit_code);

}  // namespace cli
