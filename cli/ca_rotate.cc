#include "cli/ca_rotate.h"

#include <iostream>
#include <memory>

#include "aks/ca_rehearsal.h"
#include "cli/ca_files.h"
#include "cli/ca_flags.h"
#include "cli/exit_code.h"

namespace cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  sluice ca rotate                     makes sluice-ca-next.pem and .key beside the CA, and rehearses
  sluice ca rotate --rehearse          rehearses with the two CAs that are there
  sluice ca rotate --rehearse --host registry.example.com --json

The way from one CA to the next, each step only when the last has reached every client:
  1. Clients trust both: sluice ca bundle sluice-ca.pem sluice-ca-next.pem --format base64 is the trustedCa for
     nodes (AKS reimages them), the same as a ConfigMap is for pods. Most programs read their roots once: restart
     pods and services.
  2. The new CA signs: give the proxy sluice-ca-next.pem and sluice-ca-next.key, and reload it.
  3. Clients trust the new CA alone: bundle sluice-ca-next.pem alone. Destroy the old key.

The rehearsal makes a TLS handshake for each CA that may sign and each set of CAs that a client may trust, and goes
through these steps in order, and with one left out or not waited for.

Exit codes: 0 nobody breaks in order, 1 somebody does, 2 wrong usage or an unusable CA, 3 trouble with files.)";

struct Flags {
  NewCa ca;
  std::string directory = ".";
  std::string host;
  bool rehearse = false;
  bool json = false;
};

// A host that both may sign for: what was asked for, or the first that the next CA's constraints
// permit.
std::string host_for(const Flags& flags, const tls::Authority& next) {
  if (!flags.host.empty()) return flags.host;
  const auto constraints = tls::NameConstraints::of(next.certificate());
  if (!constraints.domains.empty()) return constraints.domains.front();
  if (!constraints.networks.empty()) return constraints.networks.front().address().to_string();
  return "rehearsal.example.com";
}

int rehearse(const Flags& flags, const tls::Authority& old, const tls::Authority& next) {
  const auto host = tls::PeerName::parse(host_for(flags, next));
  if (!host) return complain(host.error());
  const auto trials = tls::try_rotation(old, next, *host, base::wall_now());
  if (!trials) return complain(trials.error());
  const auto orders = tls::rehearse_rotation(*trials);
  std::cout << (flags.json ? aks::rehearsal_json(host->text(), *trials, orders)
                           : aks::rehearsal_text(host->text(), *trials, orders));
  return orders.front().breaks() ? kCheckFailed : 0;
}

// What is not said anew is as it is with the CA that goes. Fails where that can't be said.
base::Result<NewCa> successor_of(const Flags& flags, const tls::Authority& old) {
  NewCa spec = flags.ca;
  if (spec.constraints.empty()) {
    const auto constraints = tls::NameConstraints::of(old.certificate());
    if (constraints.rest == tls::NameConstraints::Rest::kSome) {
      return base::fail(
          base::ErrorCode::kBadRequest, base::Party::kClient,
          "the current CA has name constraints of kinds that sluice ca does not make, "
          "so the next one would be freer than it; say with --name-constraint what "
          "the next may sign for");
    }
    spec.constraints = constraints.domains;
    for (const base::Cidr& each : constraints.networks) {
      spec.constraints.push_back(each.to_string());
    }
  }
  // Clients that look an issuer up by its name must not find the wrong one.
  if ("CN=" + spec.name == old.certificate().facts().subject) spec.name += " (2)";
  return spec;
}

int rotate(const Flags& flags) {
  const tls::AuthorityFiles files = current_ca(flags.directory);
  const tls::AuthorityFiles next_files = next_ca(flags.directory);
  const auto old = tls::load_authority(files, base::wall_now());
  if (!old) return complain(old.error());
  if (flags.rehearse) {
    const auto next = tls::load_authority(next_files, base::wall_now());
    return next ? rehearse(flags, *old, *next) : complain(next.error());
  }
  const auto spec = successor_of(flags, *old);
  if (!spec) return complain(spec.error());
  const auto next = make_ca(*spec);
  if (!next) return complain(next.error());
  if (auto saved = tls::save_authority(next_files, *next); !saved) {
    return complain(saved.error());
  }
  if (!flags.json) {
    std::cout << "Now   " << summary_of(old->certificate()) << "\n"
              << "Next  " << summary_of(next->certificate()) << "\n"
              << "      " << next_files.certificate << ", " << next_files.key << "\n\n";
  }
  return rehearse(flags, *old, *next);
}

}  // namespace

void add_ca_rotate(Command ca, int& exit_code) {
  const Command command =
      ca.add_subcommand("rotate", "Make the next CA, and rehearse the way from this one to it");
  const auto flags = std::make_shared<Flags>();
  command.add_option("--dir", flags->directory, "where sluice-ca.pem and .key are").shows_default();
  add_new_ca_flags(
      command, flags->ca,
      ".example.com or 10.0.0.0/8: all that it may sign for; may be repeated; default: as the "
      "current CA");
  command.add_option("--host", flags->host, "for which handshakes are tried");
  command.add_flag("--rehearse", flags->rehearse, "with the next CA that is there; make nothing");
  command.add_flag("--json", flags->json, "print JSON");
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = rotate(*flags); });
}

}  // namespace cli
