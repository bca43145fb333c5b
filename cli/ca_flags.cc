#include "cli/ca_flags.h"

namespace cli {

void add_new_ca_flags(Command command, NewCa& spec, const std::string& constraints_help) {
  spec.name = default_ca_name();
  command.add_option("--name", spec.name, "the CA's common name").shows_default();
  command.add_option("--days", spec.days, "its validity").in_range(1, 3650).shows_default();
  command.add_flag("--rsa", spec.rsa, "RSA of 3072 bits instead of P-256");
  command.add_option("--name-constraint", spec.constraints, constraints_help);
}

}  // namespace cli
