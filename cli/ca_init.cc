#include "cli/ca_init.h"

#include <iostream>
#include <memory>

#include "cli/ca_files.h"
#include "cli/ca_flags.h"
#include "cli/exit_code.h"

namespace cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  sluice ca init
  sluice ca init --dir /etc/sluice --name "Example egress CA" --days 365
  sluice ca init --name-constraint .example.com --name-constraint 10.0.0.0/8
  sluice ca init --rsa

Whoever has the key can be any server to every machine that trusts the CA: keep it on the proxy alone, and let
name constraints say what it may sign for, where the inspected names are known. A constraint permits a domain with
all names below it, or a network; a kind that is not named, domains or networks, is excluded altogether.

Leaves have P-256 keys whatever the CA has; --rsa is for clients that verify no ECDSA signature by a CA. A leaf
then takes about 2 ms to sign instead of 50 microseconds.

Exit codes: 0 made, 2 wrong usage, 3 a file exists already or can't be written.)";

struct Flags {
  NewCa ca;
  std::string directory = ".";
};

int init(const Flags& flags) {
  const auto authority = make_ca(flags.ca);
  if (!authority) return complain(authority.error());
  const tls::AuthorityFiles files = current_ca(flags.directory);
  if (auto saved = tls::save_authority(files, *authority); !saved) {
    return complain(saved.error());
  }
  std::cout << "Made " << summary_of(authority->certificate()) << "\n"
            << "  " << files.certificate << "  the certificate: give it to every client\n"
            << "  " << files.key << "  the key: for the proxy alone, never to be copied elsewhere\n"
            << "Next:\n"
            << "  sluice ca bundle " << files.certificate
            << " --format base64   the value of trustedCa, for nodes\n"
            << "  sluice ca bundle " << files.certificate
            << " --format configmap --with-system-roots   for pods\n"
            << "  sluice ca install --ca " << files.certificate
            << "   what else trusts it, and how\n";
  return 0;
}

}  // namespace

void add_ca_init(Command ca, int& exit_code) {
  const Command command = ca.add_subcommand("init", "Make a CA: sluice-ca.pem and sluice-ca.key");
  const auto flags = std::make_shared<Flags>();
  command.add_option("--dir", flags->directory, "where the files go").shows_default();
  add_new_ca_flags(command, flags->ca,
                   ".example.com or 10.0.0.0/8: all that it may sign for; may be repeated");
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = init(*flags); });
}

}  // namespace cli
