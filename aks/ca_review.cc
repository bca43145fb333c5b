#include "aks/ca_review.h"

#include <nlohmann/json.hpp>

#include "aks/trusted_certificates.h"

namespace aks {
namespace {

using nlohmann::ordered_json;

constexpr const char* kPath = "certificate";

std::int64_t days_left(const tls::CaFacts& facts, base::WallTime now) {
  return std::chrono::floor<std::chrono::hours>(facts.certificate.not_after - now).count() / 24;
}

ordered_json json_of(const tls::CaFacts& facts, base::WallTime now) {
  ordered_json out = {
      {"subject", facts.certificate.subject},
      {"issuer", facts.certificate.issuer},
      {"is_ca", facts.certificate.is_ca},
      {"key", facts.strength.key},
      {"digest", facts.strength.digest},
      {"not_before", tls::to_string(facts.certificate.not_before)},
      {"not_after", tls::to_string(facts.certificate.not_after)},
      {"days_left", days_left(facts, now)},
      {"path_length", nullptr},
      {"permitted", facts.permitted()},
      {"further_constraints", facts.constraints.rest == tls::NameConstraints::Rest::kSome},
      {"subject_key_id", facts.subject_key_id},
      {"sha256", facts.certificate.sha256}};
  if (facts.path_length) out["path_length"] = *facts.path_length;
  return out;
}

}  // namespace

void lint_ca(const std::vector<tls::Certificate>& certificates, base::WallTime now,
             std::vector<Finding>& findings) {
  lint_certificates(certificates, now, kPath, findings, CertificateUse::kOwnCa);
  // AKS asks for subjectAltNames because of the proxy's own certificate; authorities need none.
  std::erase_if(findings, [](const Finding& each) {
    return each.rule == "certificate-san" && each.severity != Severity::kError;
  });
}

CaReview review_ca(const std::vector<tls::Certificate>& certificates, base::WallTime now) {
  CaReview review;
  review.certificates.reserve(certificates.size());
  for (const tls::Certificate& each : certificates) {
    review.certificates.push_back(tls::ca_facts_of(each));
  }
  lint_ca(certificates, now, review.findings);
  const tls::CaFacts& own = review.certificates.front();
  if (own.certificate.is_ca && own.path_length != 0) {
    review.findings.push_back({Severity::kWarning, "ca-path-length", kPath,
                               "the CA could make other CAs: a path length of 0 would keep it to "
                               "leaves, as sluice ca init does"});
  }
  if (own.constraints.empty() && own.constraints.rest == tls::NameConstraints::Rest::kNone) {
    review.findings.push_back({Severity::kNote, "ca-name-constraints", kPath,
                               "the CA may sign for every name; name constraints would make its "
                               "key worth less to a thief"});
  }
  return review;
}

std::string review_json(const CaReview& review, base::WallTime now) {
  ordered_json out = {{"certificates", ordered_json::array()},
                      {"key_checked", review.has_key},
                      {"findings", ordered_json::array()}};
  for (const tls::CaFacts& each : review.certificates) {
    out["certificates"].push_back(json_of(each, now));
  }
  for (const Finding& each : review.findings) {
    out["findings"].push_back(
        {{"severity", token_of(each.severity)}, {"rule", each.rule}, {"message", each.message}});
  }
  return out.dump(2) + "\n";
}

std::string review_text(const CaReview& review, base::WallTime now) {
  std::string out;
  for (const tls::CaFacts& each : review.certificates) {
    std::string names;
    for (const std::string& name : each.permitted()) names += (names.empty() ? "" : ", ") + name;
    const tls::CertificateFacts& certificate = each.certificate;
    out += certificate.subject + "\n";
    const auto row = [&out](std::string label, const std::string& value) {
      constexpr size_t kLabel = 13;
      label.resize(kLabel, ' ');
      out += "  " + label + value + "\n";
    };
    row("issued by", each.is_self_signed ? "itself" : certificate.issuer);
    row("key", each.strength.key + ", signed with " + each.strength.digest);
    row("valid", tls::to_string(certificate.not_before) + " to " +
                     tls::to_string(certificate.not_after) + ", " +
                     std::to_string(days_left(each, now)) + " days left");
    row("path length", each.path_length ? std::to_string(*each.path_length) : "unlimited");
    if (names.empty()) names = "every name";
    if (each.constraints.rest == tls::NameConstraints::Rest::kSome) {
      names += ", within further constraints (openssl x509 -ext nameConstraints shows them)";
    }
    row("signs for", names);
    row("key id", each.subject_key_id);
    row("sha256", certificate.sha256);
  }
  for (const Finding& each : review.findings) {
    out += std::string(token_of(each.severity)) + ": " + each.message + "\n";
  }
  return out;
}

}  // namespace aks
