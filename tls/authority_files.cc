#include "tls/authority_files.h"

#include <openssl/x509v3.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_in_time.h"
#include "tls/bundle.h"
#include "tls/error.h"
#include "tls/key_file.h"
#include "tls/strength.h"

namespace tls {
namespace {

constexpr const char* kMakeOne = "; make one with sluice ca init";

base::Failure unusable(const std::string& path, const Certificate& certificate,
                       const std::string& why) {
  return base::fail(
      base::ErrorCode::kBadRequest, base::Party::kProxy,
      "the CA certificate in " + path + " (" + certificate.facts().subject + ") " + why);
}

base::Result<std::vector<Certificate>> read_certificates(const std::string& path) {
  const base::Result<std::string> text = base::read_file_in_time(path, kMaxBundleBytes);
  if (!text) return base::fail(text.error());
  base::Result<std::vector<Certificate>> certificates = parse_bundle(*text);
  if (certificates) return certificates;
  base::Error error = certificates.error();
  error.detail = path + ": " + error.detail;
  return base::fail(std::move(error));
}

base::Result<void> check_role(const std::string& path, const Certificate& certificate) {
  X509* const raw = certificate.raw();
  // Not X509_check_ca, which mixes the two.
  if ((X509_get_extension_flags(raw) & EXFLAG_CA) == 0) {
    return unusable(path, certificate,
                    std::string("is no authority's: it lacks basicConstraints CA:TRUE") + kMakeOne);
  }
  const std::uint32_t usage = X509_get_key_usage(raw);
  if (usage == UINT32_MAX || (usage & X509v3_KU_KEY_CERT_SIGN) == 0) {
    return unusable(path, certificate,
                    std::string("may not sign: it lacks the key usage keyCertSign") + kMakeOne);
  }
  if (X509_check_purpose(raw, X509_PURPOSE_SSL_SERVER, 1) != 1) {
    return unusable(path, certificate,
                    std::string("may not sign for TLS servers: its extendedKeyUsage excludes "
                                "serverAuth") +
                        kMakeOne);
  }
  if (X509_get0_subject_key_id(raw) == nullptr) {
    return unusable(
        path, certificate,
        std::string("has no subjectKeyIdentifier, which strict clients look for") + kMakeOne);
  }
  return {};
}

base::Result<void> check_strength(const std::string& path, const Certificate& certificate) {
  const Strength strength = strength_of(certificate);
  if (strength.is_weak_key) {
    return unusable(path, certificate,
                    "has a weak key (" + strength.key +
                        "), which clients refuse; expected P-256 or RSA of at least 2048 bits");
  }
  if (strength.is_weak_digest) {
    return unusable(
        path, certificate,
        "is signed with " + strength.digest + ", which clients refuse; issue it anew with SHA-256");
  }
  return {};
}

base::Result<void> check_validity(const std::string& path, const Certificate& certificate,
                                  base::WallTime now) {
  if (certificate.not_after() < now) {
    return unusable(path, certificate,
                    "expired at " + to_string(certificate.not_after()) +
                        ", so every client refuses what it signs; replace it (sluice ca rotate "
                        "shows the order)");
  }
  if (certificate.not_before() > now) {
    return unusable(path, certificate,
                    "is valid only from " + to_string(certificate.not_before()) +
                        " on; wait until then, or check the clocks of this machine and of the one "
                        "that made it");
  }
  return {};
}

base::Result<void> check_chain(const std::string& path, const std::vector<Certificate>& chain) {
  for (size_t i = 1; i < chain.size(); ++i) {
    if (is_issued_by(chain[i - 1], chain[i])) continue;
    return unusable(path, chain[i],
                    "stands after \"" + chain[i - 1].facts().subject +
                        "\" but did not issue that; after the CA's own certificate only those of "
                        "its issuers may follow, each after the one it issued");
  }
  return {};
}

}  // namespace

base::Result<Authority> load_authority(const AuthorityFiles& files, base::WallTime now) {
  base::Result<std::vector<Certificate>> chain = read_certificates(files.certificate);
  if (!chain) return base::fail(chain.error());
  if (auto fine = check_role(files.certificate, chain->front()); !fine) {
    return base::fail(fine.error());
  }
  for (const Certificate& each : *chain) {
    if (auto fine = check_validity(files.certificate, each, now); !fine)
      return base::fail(fine.error());
    if (auto fine = check_strength(files.certificate, each); !fine) return base::fail(fine.error());
  }
  if (auto fine = check_chain(files.certificate, *chain); !fine) return base::fail(fine.error());
  base::Result<PrivateKey> key = read_key_file(files.key);
  if (!key) return base::fail(key.error());
  if (!belongs(*key, chain->front())) {
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                      "the key in " + files.key + " is not that of the CA certificate in " +
                          files.certificate + " (" + chain->front().facts().subject +
                          "); give the two files that were made together");
  }
  return Authority::from_identity(Identity{std::move(*key), std::move(*chain)});
}

base::Result<void> save_authority(const AuthorityFiles& files, const Authority& authority) {
  if (auto written = write_key_file(files.key, authority.key()); !written) return written;
  std::string pem;
  for (const Certificate& each : authority.chain()) pem += each.pem();
  auto written = base::create_file(files.certificate, pem, base::FileAccess::kAll);
  if (!written) ::unlink(files.key.c_str());
  return written;
}

}  // namespace tls
