#include "cli/ca_install.h"

#include <iostream>
#include <memory>

#include "aks/ca_guides.h"
#include "cli/ca_files.h"
#include "cli/exit_code.h"

namespace cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  sluice ca install
  sluice ca install debian java --ca /etc/sluice/sluice-ca.pem

Prints instructions and changes nothing.

Exit codes: 0 printed, 2 wrong usage or not a CA's certificate, 3 the certificate can't be read.)";

struct Flags {
  std::vector<std::string> systems;
  std::string certificate;
  bool json = false;
};

int install(const Flags& flags) {
  const auto certificates = read_ca_certificates(flags.certificate);
  if (!certificates) return complain(certificates.error());
  if (flags.json) {
    std::cout << aks::guides_json(flags.systems, flags.certificate);
    return 0;
  }
  std::cout << "# Trusting " << summary_of(certificates->front()) << "\n"
            << aks::guides_text(flags.systems, flags.certificate);
  return 0;
}

}  // namespace

void add_ca_install(Command ca, int& exit_code) {
  const Command command =
      ca.add_subcommand("install", "Say how systems and programs are made to trust the CA");
  const auto flags = std::make_shared<Flags>();
  flags->certificate = current_ca(".").certificate;
  std::vector<std::string> systems;
  for (const aks::CaGuide& guide : aks::ca_guides()) systems.emplace_back(guide.system);
  command.add_option("SYSTEM", flags->systems, "all when none is named").one_of(systems);
  command.add_option("--ca", flags->certificate, "PEM file of the CA").shows_default();
  command.add_flag("--json", flags->json, "print JSON");
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = install(*flags); });
}

}  // namespace cli
