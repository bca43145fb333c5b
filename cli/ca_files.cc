#include "cli/ca_files.h"

#include <iostream>

#include "base/file.h"
#include "tls/bundle.h"

namespace cli {
namespace {

// Clocks of clients may be behind this one.
constexpr std::chrono::hours kBackdated{1};

tls::AuthorityFiles files_in(const std::string& directory, const char* name) {
  const std::string stem = directory.empty() || directory == "." ? name : directory + "/" + name;
  return {stem + ".pem", stem + ".key"};
}

}  // namespace

tls::AuthorityFiles current_ca(const std::string& directory) {
  return files_in(directory, "sluice-ca");
}

tls::AuthorityFiles next_ca(const std::string& directory) {
  return files_in(directory, "sluice-ca-next");
}

std::string default_ca_name() {
  constexpr size_t kDate = 10;
  return "Sluice inspection CA " + tls::to_string(base::wall_now()).substr(0, kDate);
}

base::Result<tls::Authority> make_ca(const NewCa& spec) {
  auto constraints = tls::NameConstraints::parse(spec.constraints);
  if (!constraints) return base::fail(constraints.error());
  const base::WallTime now = base::wall_now();
  return tls::Authority::create(
      {spec.name, now - kBackdated, now + std::chrono::hours(24) * spec.days,
       spec.rsa ? tls::KeyKind::kRsa3072 : tls::KeyKind::kP256, std::move(*constraints)});
}

base::Result<std::vector<tls::Certificate>> read_ca_certificates(const std::string& path) {
  const auto text = base::read_file(path, tls::kMaxBundleBytes);
  if (!text) return base::fail(text.error());
  auto certificates = tls::parse_bundle(*text);
  if (certificates) return certificates;
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                    path + ": " + certificates.error().detail);
}

std::string summary_of(const tls::Certificate& certificate) {
  return certificate.facts().subject + ", valid until " + tls::to_string(certificate.not_after());
}

}  // namespace cli
