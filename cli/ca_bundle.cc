#include "cli/ca_bundle.h"

#include <unistd.h>
#include <optional>

#include <algorithm>
#include <iostream>
#include <memory>

#include "aks/ca_review.h"
#include "aks/render/ca_bundle.h"
#include "aks/trusted_ca.h"
#include "cli/ca_files.h"
#include "cli/exit_code.h"
#include "tls/trust.h"

namespace cli {
namespace {

using aks::Finding;
using aks::Severity;
using tls::Certificate;

constexpr const char* kBundle = "bundle";

constexpr const char* kExamples = R"(Examples:
  sluice ca bundle --format base64                      the value of trustedCa in an httpProxyConfig
  sluice ca bundle sluice-ca.pem sluice-ca-next.pem     both CAs, while one follows the other
  sluice ca bundle --format configmap --with-system-roots --namespace shop | kubectl apply -f -
  sluice ca bundle --format der > sluice-ca.der

Programs that take one file of roots (SSL_CERT_FILE, REQUESTS_CA_BUNDLE) use it instead of the system's, so it has
to hold those as well: --with-system-roots. trustedCa is installed beside a node's own roots and holds the CA
alone; AKS takes at most 20 certificates there. A private key in a file is refused, never printed.

Exit codes: 0 printed, 2 wrong usage or not certificates, 3 a file can't be read.)";

struct Flags {
  std::vector<std::string> files;
  std::string format = "pem";
  std::string name = "proxy-ca";
  std::string name_space;
  bool system_roots = false;
};

std::string pem_of(const std::vector<Certificate>& certificates) {
  std::string text;
  for (const Certificate& each : certificates) text += each.pem();
  return text;
}

// Appends those that are not there yet.
void append(std::vector<Certificate>& all, std::vector<Certificate> more) {
  for (Certificate& each : more) {
    const bool known = std::any_of(all.begin(), all.end(), [&](const Certificate& other) {
      return other.facts().sha256 == each.facts().sha256;
    });
    if (!known) all.push_back(std::move(each));
  }
}

base::Result<std::vector<Certificate>> read_all(const std::vector<std::string>& files) {
  std::vector<Certificate> all;
  for (const std::string& file : files) {
    auto certificates = read_ca_certificates(file);
    if (!certificates) return base::fail(certificates.error());
    append(all, std::move(*certificates));
  }
  return all;
}

void check_trusted_ca(size_t certificates, std::vector<Finding>& findings) {
  if (certificates > aks::kMaxTrustedCertificates) {
    findings.push_back({Severity::kWarning, "trusted-ca-count", kBundle,
                        "AKS takes at most 20 certificates in trustedCa; these are " +
                            std::to_string(certificates) + ": leave out what nodes have already"});
  }
}

// What every format but DER prints.
std::optional<std::string> text_of(const Flags& flags, const std::vector<Certificate>& own,
                                   const std::vector<Certificate>& roots,
                                   std::vector<Finding>& findings) {
  if (flags.format == "configmap" || flags.format == "secret") {
    aks::HttpProxyConfig config;
    config.trusted_ca_pem = pem_of(own);
    aks::render::CaBundleOptions options;
    using Kind = aks::render::CaBundleOptions::Kind;
    options.kind = flags.format == "secret" ? Kind::kSecret : Kind::kConfigMap;
    options.name = flags.name;
    options.name_space = flags.name_space;
    options.roots_pem = pem_of(roots);
    return aks::render::ca_config_map(config, options, aks::render::Format::kYaml, findings);
  }
  std::vector<Certificate> all = roots;
  append(all, own);
  const std::string pem = pem_of(all);
  if (flags.format == "pem") return pem;
  check_trusted_ca(all.size(), findings);
  return aks::encode_base64(pem) + "\n";
}

int print_der(const std::vector<Certificate>& certificates) {
  if (certificates.size() != 1 || ::isatty(STDOUT_FILENO) == 1) {
    return complain(
        "DER is binary and holds one certificate; " +
            (certificates.size() != 1
                 ? "these are " + std::to_string(certificates.size()) + ": name one file"
                 : std::string("send it to a file: > sluice-ca.der")),
        kWrongUsage);
  }
  std::cout << certificates.front().der() << std::flush;
  return 0;
}

int bundle(const Flags& flags) {
  auto own = read_all(flags.files);
  if (!own) return complain(own.error());
  std::vector<Finding> findings;
  aks::lint_ca(*own, base::wall_now(), findings);
  std::vector<Certificate> roots;
  if (flags.system_roots) {
    const auto system = tls::TrustStore::system();
    if (!system) return complain(system.error());
    roots = system->certificates();
  }
  std::optional<std::string> text;
  if (flags.format != "der") text = text_of(flags, *own, roots, findings);
  for (const Finding& each : findings) std::cerr << aks::to_string(each) << "\n";
  if (flags.format == "der") {
    append(*own, std::move(roots));
    return print_der(*own);
  }
  if (!text) return kWrongUsage;
  std::cout << *text << std::flush;
  return 0;
}

}  // namespace

void add_ca_bundle(Command ca, int& exit_code) {
  const Command command =
      ca.add_subcommand("bundle", "Print certificates in the form that a client reads");
  const auto flags = std::make_shared<Flags>();
  flags->files = {current_ca(".").certificate};
  command.add_option("CERTIFICATES", flags->files, "PEM files").shows_default();
  command
      .add_option("--format", flags->format,
                  "base64: one line, for trustedCa; der: one certificate")
      .one_of({"pem", "base64", "der", "configmap", "secret"})
      .shows_default();
  command.add_flag("--with-system-roots", flags->system_roots, "and the roots of this system");
  command.add_option("--name", flags->name, "of the ConfigMap or Secret").shows_default();
  command.add_option("--namespace", flags->name_space, "of the ConfigMap or Secret");
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = bundle(*flags); });
}

}  // namespace cli
