#include "aks/update_findings.h"

#include "aks/no_proxy/nodes.h"
#include "aks/trusted_ca.h"

namespace aks {
namespace {

std::string list_of(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + text;
  return out;
}

std::string subjects_of(const CertificateSet& set) {
  std::string out;
  for (const auto& each : set.entries) out += (out.empty() ? "" : "; ") + each.subject;
  return out;
}

class Linter {
 public:
  explicit Linter(UpdatePlan& plan) : plan_(plan) {}

  void lint() {
    judge_edition();
    judge_proxies();
    judge_authorities();
    judge_bypasses();
  }

 private:
  void add(Severity severity, const char* rule, const char* path, std::string message) {
    plan_.findings.push_back({severity, rule, path, std::move(message)});
  }

  void judge_edition() {
    if (plan_.options.edition != Edition::kArticle || plan_.before.enabled == plan_.after.enabled)
      return;
    add(Severity::kError, "plan-enabled", "$.enabled",
        "by the article's rules a cluster gets its proxy when it is created, and an update can "
        "neither switch it on nor off; --edition today describes the service that can");
  }

  void judge_proxies() {
    const Changes& changes = plan_.changes;
    if (!changes.proxies_in.empty()) {
      add(Severity::kWarning, "plan-new-proxy-first", "$.httpProxy",
          list_of(changes.proxies_in) +
              " must answer before the update: new nodes fail their outbound check (exit 50) and "
              "new pods every request while it is not there");
    }
    if (proxies_of(plan_.after).empty() && !proxies_of(plan_.before).empty()) {
      add(Severity::kWarning, "plan-no-proxy-left", "$.enabled",
          "nodes and pods have no proxy afterwards: everything that AKS requires must be reached "
          "directly by then");
    }
  }

  void judge_authorities() {
    const Changes& changes = plan_.changes;
    if (changes.ca_in.entries.empty() && changes.ca_out.entries.empty()) return;
    if (proxies_of(plan_.after).empty()) return;
    std::string common = changes.ca_kept.entries.empty() ? "share no certificate" : "overlap";
    if (changes.ca_out.entries.empty()) common = "differ by additions only";
    if (changes.ca_in.entries.empty()) common = "differ by removals only";
    std::string message = "the old and the new trustedCa " + common;
    if (!changes.ca_in.entries.empty()) {
      message += "; nodes that were not reimaged do not know " + subjects_of(changes.ca_in);
    }
    if (!changes.ca_out.entries.empty()) {
      message += "; nodes that were do not know " + subjects_of(changes.ca_out);
    }
    add(Severity::kWarning, "plan-authorities", "$.trustedCa",
        message + (proxies_of(plan_.before).empty()
                       ? ": the proxy may show the new certificates only when all nodes know them"
                       : ": roll out both first, as the steps say"));
    if (!proxies_of(plan_.before).empty()) judge_both(changes.ca_all);
  }

  // Old and new together, as nodes have them in between.
  void judge_both(const CertificateSet& all) {
    const size_t count = all.entries.size();
    const size_t bytes = all.pem().size();
    if (count > kMaxTrustedCertificates) {
      add(Severity::kError, "plan-authorities-limit", "$.trustedCa",
          "both bundles together have " + std::to_string(count) + " certificates, and AKS takes " +
              std::to_string(kMaxTrustedCertificates) + ": leave out what the proxies do not need");
    } else if (bytes > kMaxTrustedBytes) {
      add(Severity::kWarning, "plan-authorities-limit", "$.trustedCa",
          "both bundles together have " + std::to_string(bytes) +
              " bytes; AKS documents a limit of " + std::to_string(kMaxTrustedBytes) +
              " for new clusters: leave out what the proxies do not need");
    }
  }

  // Whether kubelet, containerd and other programs in Go reach `host` directly.
  bool bypasses(const HttpProxyConfig& config, const std::string& host) const {
    const std::string list =
        join_no_proxy(effective_no_proxy(config.no_proxy, plan_.options.facts.cluster));
    return no_proxy::nodes_bypass(list, host);
  }

  void judge_bypasses() {
    if (plan_.changes.no_proxy_out.empty() || proxies_of(plan_.after).empty()) return;
    const auto loses = [&](const std::string& host, const std::string& who) {
      if (!bypasses(plan_.before, host) || bypasses(plan_.after, host)) return;
      add(Severity::kWarning, "plan-bypass-lost", "$.noProxy",
          host + " bypasses the proxy so far and does not any more, which " + who +
              " needs: keep the entry that covers it");
    };
    loses("api.default.svc", "every pod that calls a service by name");
    loses("api.default.svc.cluster.local", "every pod that calls a service by its full name");
    const Facts& facts = plan_.options.facts;
    for (const std::string& registry : facts.private_registries) {
      for (const std::string& host : hosts_of_private_registry(registry, facts.cluster.region))
        loses(host, "pulling from a registry with a private link");
    }
    add(Severity::kNote, "plan-entries-removed", "$.noProxy",
        "what is reached by " + list_of(plan_.changes.no_proxy_out) +
            " goes through the new proxy afterwards: its policy must allow it, and it must reach "
            "it");
  }

  UpdatePlan& plan_;
};

}  // namespace

void lint_update(UpdatePlan& plan) { Linter(plan).lint(); }

}  // namespace aks
