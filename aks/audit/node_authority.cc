#include "aks/audit/node_authority.h"

#include "aks/trusted_ca.h"
#include "aks/update_changes.h"

namespace aks::audit {
namespace {

constexpr const char* kBundles[] = {"/etc/ssl/certs/ca-certificates.crt",
                                    "/etc/pki/tls/certs/ca-bundle.crt",
                                    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"};

std::string subjects_of(const std::vector<CertificateSet::Entry>& entries) {
  constexpr size_t kShown = 3;
  std::string out;
  for (size_t i = 0; i < std::min(kShown, entries.size()); ++i) {
    out += (i == 0 ? "" : "; ") + entries[i].subject;
  }
  if (entries.size() > kShown) out += " and " + std::to_string(entries.size() - kShown) + " more";
  return out;
}

std::vector<CertificateSet::Entry> without(const CertificateSet& all, const CertificateSet& other) {
  std::vector<CertificateSet::Entry> left;
  for (const auto& each : all.entries) {
    if (!other.contains(each.sha256)) left.push_back(each);
  }
  return left;
}

class Authority {
 public:
  Authority(const NodeSnapshot& snapshot, render::Distro distro, std::vector<Finding>& findings)
      : snapshot_(snapshot),
        store_(render::ca_store(distro)),
        path_(store_.path),
        findings_(findings) {}

  void audit(const std::string& pem) {
    const CertificateSet wanted = certificates_of(pem);
    const auto file = snapshot_.find(path_);
    if (file == snapshot_.end()) {
      if (wanted.entries.empty()) return;
      return add(
          Severity::kError, "node-ca-missing", path_,
          "the proxy's CA is not there: images can't be pulled through a proxy that inspects "
          "or speaks TLS itself; the node was made before the cluster had this trustedCa: "
          "reimage it");
    }
    if (wanted.entries.empty()) {
      return add(Severity::kWarning, "node-ca-left", path_,
                 "the cluster has no trustedCa any more, and the node still trusts " +
                     subjects_of(certificates_of(file->second.content).entries) + ": reimage it");
    }
    judge_file(wanted, certificates_of(file->second.content));
    judge_bundles(wanted);
  }

 private:
  void add(Severity severity, const char* rule, const std::string& path, std::string message) {
    findings_.push_back({severity, rule, path, std::move(message)});
  }

  void judge_file(const CertificateSet& wanted, const CertificateSet& given) {
    const auto missing = without(wanted, given);
    const auto extra = without(given, wanted);
    if (missing.empty() && extra.empty()) return;
    std::string what = "the file is not today's trustedCa: it ";
    if (!missing.empty()) what += "lacks " + subjects_of(missing);
    if (!extra.empty()) {
      what += (missing.empty() ? "has " : " and has ") + subjects_of(extra) + " besides";
    }
    add(missing.empty() ? Severity::kWarning : Severity::kError, "node-ca-stale", path_,
        what + "; reimage the node");
  }

  // The store is made of the file by a command that may not have run, or failed.
  void judge_bundles(const CertificateSet& wanted) {
    for (const char* path : kBundles) {
      const auto bundle = snapshot_.find(path);
      if (bundle == snapshot_.end()) continue;
      const auto missing = without(wanted, certificates_of(bundle->second.content));
      if (!missing.empty()) {
        add(Severity::kError, "node-ca-store", path,
            "the store lacks " + subjects_of(missing) + ", so nothing on the node trusts it: run " +
                std::string(store_.command) + ", or reimage the node");
      }
      return;  // others are links to it
    }
    add(Severity::kNote, "node-ca-store", path_,
        "the store made of this file was not looked at: it is not in the input");
  }

  const NodeSnapshot& snapshot_;
  render::CaStore store_;
  std::string path_;
  std::vector<Finding>& findings_;
};

}  // namespace

void audit_authority(const NodeSnapshot& snapshot, const Expectation& expected,
                     render::Distro distro, std::vector<Finding>& findings) {
  const std::string pem = decode_base64(expected.values.trusted_ca).value_or("");
  Authority(snapshot, distro, findings).audit(expected.has_proxy() ? pem : "");
}

}  // namespace aks::audit
