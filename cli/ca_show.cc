#include "cli/ca_show.h"

#include <iostream>
#include <memory>

#include "aks/ca_review.h"
#include "cli/ca_files.h"
#include "cli/exit_code.h"

namespace cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  sluice ca show
  sluice ca show /etc/sluice/sluice-ca.pem --key /etc/sluice/sluice-ca.key
  sluice ca show --json | jq .certificates[0].days_left

With the key at hand it is checked as the proxy will: whether it is the certificate's, and who may read it.

Exit codes: 0 fit for use, perhaps with warnings; 1 the proxy or its clients would refuse it; 2 not certificates;
3 a file can't be read.)";

struct Flags {
  std::string certificate;
  std::string key;
  bool json = false;
};

base::Result<aks::CaReview> look(const Flags& flags, base::WallTime now) {
  const auto certificates = read_ca_certificates(flags.certificate);
  if (!certificates) return base::fail(certificates.error());
  aks::CaReview review = aks::review_ca(*certificates, now);
  review.has_key = !flags.key.empty();
  if (!review.has_key) return review;
  const auto loaded = tls::load_authority({flags.certificate, flags.key}, now);
  if (!loaded && !aks::has_errors(review.findings)) {
    review.findings.push_back(
        {aks::Severity::kError, "ca-unusable", flags.key, loaded.error().detail});
  }
  return review;
}

int show(const Flags& flags) {
  const base::WallTime now = base::wall_now();
  const auto review = look(flags, now);
  if (!review) return complain(review.error());
  std::cout << (flags.json ? aks::review_json(*review, now) : aks::review_text(*review, now));
  return aks::has_errors(review->findings) ? kCheckFailed : 0;
}

}  // namespace

void add_ca_show(Command ca, int& exit_code) {
  const Command command = ca.add_subcommand("show", "What a CA is, and what is wrong with it");
  const auto flags = std::make_shared<Flags>();
  flags->certificate = current_ca(".").certificate;
  command.add_option("CERTIFICATE", flags->certificate, "PEM file").shows_default();
  command.add_option("--key", flags->key, "PEM file of its key, to be checked");
  command.add_flag("--json", flags->json, "print JSON");
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = show(*flags); });
}

}  // namespace cli
