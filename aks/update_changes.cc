#include "aks/update_changes.h"

#include <algorithm>

#include "aks/entry_keys.h"
#include "aks/trusted_certificates.h"

namespace aks {
namespace {

std::vector<std::string> without(const std::vector<std::string>& all,
                                 const std::vector<std::string>& others) {
  std::vector<std::string> left;
  for (const std::string& each : all) {
    if (std::find(others.begin(), others.end(), each) == others.end()) left.push_back(each);
  }
  return left;
}

// Entries of `all` that mean something that none of `others` means.
std::vector<std::string> new_entries(const std::vector<std::string>& all,
                                     const std::vector<std::string>& others) {
  const EntryKeys known(others);
  std::vector<std::string> left;
  for (const std::string& each : all) {
    if (!known.contains(each)) left.push_back(each);
  }
  return left;
}

}  // namespace

bool CertificateSet::contains(const std::string& sha256) const {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const Entry& each) { return each.sha256 == sha256; });
}

std::string CertificateSet::pem() const {
  std::string out;
  for (const Entry& each : entries) out += each.pem;
  return out;
}

CertificateSet certificates_of(const std::string& pem) {
  CertificateSet set;
  std::vector<Finding> ignored;
  for (const tls::Certificate& each : read_certificates(pem, "", ignored)) {
    const tls::CertificateFacts facts = each.facts();
    if (!set.contains(facts.sha256))
      set.entries.push_back({facts.sha256, facts.subject, each.pem()});
  }
  return set;
}

std::vector<std::string> proxies_of(const HttpProxyConfig& config) {
  std::vector<std::string> urls;
  if (!config.enabled) return urls;
  for (const auto& url : {config.http_proxy, config.https_proxy}) {
    if (url && std::find(urls.begin(), urls.end(), url->to_string()) == urls.end())
      urls.push_back(url->to_string());
  }
  return urls;
}

Changes compare(const HttpProxyConfig& before, const HttpProxyConfig& after) {
  Changes changes;
  const auto differs = [&changes](const char* field, bool is_different) {
    if (is_different) changes.fields.emplace_back(field);
  };
  const auto proxies_before = proxies_of(before);
  const auto proxies_after = proxies_of(after);
  changes.proxies_in = without(proxies_after, proxies_before);
  changes.proxies_out = without(proxies_before, proxies_after);
  changes.no_proxy_in = new_entries(after.no_proxy, before.no_proxy);
  changes.no_proxy_out = new_entries(before.no_proxy, after.no_proxy);
  const CertificateSet old_set = certificates_of(before.trusted_ca_pem);
  const CertificateSet new_set = certificates_of(after.trusted_ca_pem);
  changes.ca_all = old_set;
  for (const auto& each : new_set.entries) {
    const bool known = old_set.contains(each.sha256);
    (known ? changes.ca_kept : changes.ca_in).entries.push_back(each);
    if (!known) changes.ca_all.entries.push_back(each);
  }
  for (const auto& each : old_set.entries) {
    if (!new_set.contains(each.sha256)) changes.ca_out.entries.push_back(each);
  }
  differs("enabled", before.enabled != after.enabled);
  differs("httpProxy", before.http_proxy != after.http_proxy);
  differs("httpsProxy", before.https_proxy != after.https_proxy);
  differs("noProxy", before.no_proxy != after.no_proxy);
  differs("trustedCa", before.trusted_ca_pem != after.trusted_ca_pem);
  return changes;
}

}  // namespace aks
