#include "aks/trusted_certificates.h"

#include <algorithm>

#include "aks/trusted_ca.h"
#include "tls/bundle.h"
#include "tls/strength.h"
#include "tls/strict.h"

namespace aks {
namespace {

using tls::Certificate;
using tls::CertificateFacts;

// AKS looks into none of them, and nodes come up whatever they are: so nothing here is an error.
// What is wrong shows when a client meets what they signed.
class Linter {
 public:
  Linter(const std::vector<Certificate>& all, base::WallTime now, const std::string& path,
         CertificateUse use, std::vector<Finding>& findings)
      : all_(all), now_(now), path_(path), use_(use), findings_(findings) {
    for (const Certificate& each : all_) facts_.push_back(each.facts());
  }

  void lint() {
    for (size_t i = 0; i < all_.size(); ++i) {
      if (is_duplicate(i)) continue;
      judge_validity(i);
      judge_strength(i);
      if (facts_[i].is_ca) {
        judge_authority(i);
      } else {
        judge_leaf(i);
      }
    }
    judge_order();
  }

 private:
  // How much it weighs that clients refuse what a certificate signed, or is.
  Severity refused() const {
    return use_ == CertificateUse::kOwnCa ? Severity::kError : Severity::kWarning;
  }

  void add(Severity severity, const char* rule, size_t i, const std::string& message) {
    const std::string which =
        "certificate " + std::to_string(i + 1) + " (" + facts_[i].subject + ") ";
    findings_.push_back({severity, rule, path_, which + message});
  }

  bool is_self_signed(size_t i) const { return tls::is_issued_by(all_[i], all_[i]); }

  bool has_issuer(size_t i) const {
    return std::any_of(all_.begin(), all_.end(),
                       [&](const Certificate& other) { return tls::is_issued_by(all_[i], other); });
  }

  bool is_duplicate(size_t i) {
    const auto end = facts_.begin() + static_cast<std::ptrdiff_t>(i);
    const auto first = std::find_if(facts_.begin(), end, [&](const CertificateFacts& each) {
      return each.sha256 == facts_[i].sha256;
    });
    if (first == end) return false;
    add(Severity::kWarning, "certificate-duplicate", i,
        "is certificate " + std::to_string(first - facts_.begin() + 1) +
            " once more; at most 20 fit: remove it");
    return true;
  }

  void judge_validity(size_t i) {
    const CertificateFacts& facts = facts_[i];
    if (facts.not_after < now_) {
      add(refused(), "certificate-expired", i,
          "expired at " + tls::to_string(facts.not_after) +
              ": every client refuses what it signed; replace it");
    } else if (facts.not_before > now_) {
      add(refused(), "certificate-not-yet-valid", i,
          "is valid only from " + tls::to_string(facts.not_before) +
              " on: clients refuse what it signed until then; check the clock that issued it");
    } else if (facts.not_after < now_ + kExpiresSoon) {
      add(Severity::kWarning, "certificate-expires-soon", i,
          "expires at " + tls::to_string(facts.not_after) +
              ", and every change of trustedCa reimages the nodes: put its successor beside it "
              "now");
    }
  }

  void judge_strength(size_t i) {
    const tls::Strength strength = tls::strength_of(all_[i]);
    if (strength.is_weak_key) {
      add(refused(), "certificate-weak-key", i,
          "has a weak key (" + strength.key +
              "); Ubuntu's OpenSSL refuses RSA below 2048 bits: issue it anew");
    }
    if (!strength.is_weak_digest) return;
    const bool root = is_self_signed(i);
    add(root ? Severity::kWarning : refused(), "certificate-weak-signature", i,
        "is signed with " + strength.digest +
            (root ? ", which nobody checks on a root but audits find: issue it anew"
                  : ", which Go and OpenSSL refuse: issue it anew with SHA-256"));
  }

  void judge_authority(size_t i) {
    if (facts_[i].san_count == 0) {
      add(Severity::kWarning, "certificate-san", i,
          "has no subjectAltName, which AKS asks for because Go ignores common names; on an "
          "authority it has no effect, on the proxy's own certificate it is a must: check that "
          "one");
    }
    std::string lacks;
    for (const std::string& each : tls::lacks_for_strict_clients(all_[i])) {
      lacks += (lacks.empty() ? "" : ", ") + each;
    }
    if (!lacks.empty()) {
      add(Severity::kWarning, "certificate-strict", i,
          "lacks " + lacks +
              ", without which Python 3.13 and later refuse what it signed (VERIFY_X509_STRICT); "
              "Go, curl and this proxy take it: issue it anew as openssl 3 or sluice ca init do");
    }
    if (is_self_signed(i) || has_issuer(i)) return;
    add(Severity::kWarning, "certificate-chain", i,
        "is an intermediate whose issuer (" + facts_[i].issuer +
            ") is not in trustedCa; Go trusts it as it is, OpenSSL and curl do not: add the root");
  }

  void judge_leaf(size_t i) {
    if (facts_[i].san_count == 0) {
      add(refused(), "certificate-san", i,
          "is a server's and has no subjectAltName; Go, so kubelet and containerd, refuses it "
          "whatever its common name says: issue it anew with the proxy's name");
    }
    add(Severity::kWarning, "certificate-no-authority", i,
        is_self_signed(i)
            ? "is no authority (no basicConstraints CA:TRUE); it is trusted for itself alone, and "
              "not by every client: give the authority that signs the proxy's certificates"
            : "is no authority, so OpenSSL does not begin a chain with it: give the root that "
              "signed it (" +
                  facts_[i].issuer + ")");
  }

  void judge_order() {
    if (all_.size() < 2 || is_self_signed(0)) return;
    for (size_t i = 1; i < all_.size(); ++i) {
      if (!is_self_signed(i)) continue;
      add(Severity::kNote, "certificate-order", i,
          "is a root behind certificate 1; Debian's hashed directory knows only the first "
          "certificate of a file (readers of the whole bundle know all): put the root first");
      return;
    }
  }

  const std::vector<Certificate>& all_;
  base::WallTime now_;
  const std::string& path_;
  const CertificateUse use_;
  std::vector<Finding>& findings_;
  std::vector<CertificateFacts> facts_;
};

}  // namespace

std::vector<Certificate> read_certificates(std::string_view pem, const std::string& path,
                                           std::vector<Finding>& findings) {
  std::vector<Certificate> certificates;
  const auto blocks = split_pem(pem);
  if (!blocks) return certificates;
  for (size_t i = 0; i < blocks->size(); ++i) {
    auto parsed = tls::parse_bundle((*blocks)[i].text);
    if (parsed) {
      certificates.push_back(std::move(parsed->front()));
      continue;
    }
    findings.push_back(
        {Severity::kError, "certificate-syntax", path,
         "certificate " + std::to_string(i + 1) + " does not decode as X.509: export it again"});
  }
  return certificates;
}

void lint_certificates(const std::vector<Certificate>& certificates, base::WallTime now,
                       const std::string& path, std::vector<Finding>& findings,
                       CertificateUse use) {
  Linter(certificates, now, path, use, findings).lint();
}

}  // namespace aks
