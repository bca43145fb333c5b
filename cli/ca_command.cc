#include "cli/ca_command.h"

#include "cli/ca_bundle.h"
#include "cli/ca_init.h"
#include "cli/ca_install.h"
#include "cli/ca_rotate.h"
#include "cli/ca_show.h"

namespace cli {
namespace {

constexpr const char* kFooter =
    R"(Keys are files. PKCS#11 modules, HSMs and key services are not supported: where the key has to stay in
one, let it sign a CA of path length 0 for the proxy, and give Sluice that one with its own key.)";

}  // namespace

void add_ca_command(Command app, int& exit_code) {
  const Command ca = app.add_subcommand("ca", "The CA that signs what inspected clients see");
  ca.needs_subcommand();
  ca.footer(kFooter);
  add_ca_init(ca, exit_code);
  add_ca_show(ca, exit_code);
  add_ca_bundle(ca, exit_code);
  add_ca_install(ca, exit_code);
  add_ca_rotate(ca, exit_code);
}

}  // namespace cli
