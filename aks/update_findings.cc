#include "aks/update_findings.h"

#include <algorithm>

#include "aks/no_proxy/nodes.h"
#include "aks/trusted_ca.h"
#include "base/ascii.h"

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
    judge_cluster();
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
        message +
            (proxies_of(plan_.before).empty()
                 ? ": the proxy may show the new certificates only when all nodes know them" +
                       std::string(is_staged(plan_) ? ", which custom CA trust brings about" : "")
                 : ": roll out both first, as the steps say"));
    if (!proxies_of(plan_.before).empty()) judge_both(changes.ca_all);
  }

  // Old and new together, as nodes have them in between.
  void judge_both(const CertificateSet& all) {
    const size_t count = all.entries.size();
    if (count > kMaxTrustedCertificates) {
      add(Severity::kError, "plan-authorities-limit", "$.trustedCa",
          "both bundles together have " + std::to_string(count) + " certificates, and AKS takes " +
              std::to_string(kMaxTrustedCertificates) + ": leave out what the proxies do not need");
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

  // What about the cluster itself stands in the way, or changes what people do.
  void judge_cluster() {
    const ClusterTraits& traits = plan_.options.traits;
    if (traits.disruption == Disruption::kBlock) {
      add(Severity::kWarning, "plan-disruption-policy", "$.nodeDisruptionProfile",
          "the Node Disruption Policy is Block, so AKS refuses every update below: az aks update "
          "--node-disruption-policy Allow first (extension aks-preview), and back afterwards");
    } else if (traits.disruption == Disruption::kMaintenanceWindow) {
      add(Severity::kWarning, "plan-disruption-policy", "$.nodeDisruptionProfile",
          "the Node Disruption Policy is AllowDuringMaintenanceWindow: outside of the window "
          "aksManagedNodeOSUpgradeSchedule AKS refuses every update below; send each in it");
    }
    const bool flatcar =
        std::any_of(traits.systems.begin(), traits.systems.end(),
                    [](const std::string& system) { return base::iequals(system, "Flatcar"); });
    if (flatcar) {
      add(Severity::kWarning, "plan-flatcar", "$.agentPoolProfiles",
          "Flatcar nodes can't be relied on to come back from a reimage: AKS takes no new pools of "
          "them since 2026-06-08, and their images went on 2026-09-08; move to Azure Container "
          "Linux first");
    }
    if (traits.node_auto_provisioning) {
      add(Severity::kNote, "plan-auto-provisioning", "$.nodeProvisioningProfile",
          "Node Auto Provisioning replaces its nodes by its own rules; they are in no node pool, "
          "and an update is through before they are");
    }
    if (traits.is_private) {
      add(Severity::kNote, "plan-private", "$.apiServerAccessProfile",
          "the API server is private: kubectl works from the virtual network or by az aks command "
          "invoke, and its private name must go past the proxy, for which AKS adds it to noProxy");
    }
    if (needs_staging(plan_) && !is_staged(plan_) &&
        plan_.options.staging == Staging::kCustomCaTrust) {
      add(Severity::kNote, "plan-staging", "$.trustedCa",
          plan_.options.edition == Edition::kArticle
              ? "custom CA trust could bring the certificates before the proxy; it came after the "
                "article"
              : "custom CA trust takes " + std::to_string(kMaxCustomCaCertificates) +
                    " certificates in all, so it can't bring these before the proxy");
    }
  }

  UpdatePlan& plan_;
};

}  // namespace

bool needs_staging(const UpdatePlan& plan) {
  return proxies_of(plan.before).empty() && !proxies_of(plan.after).empty() &&
         !plan.changes.ca_in.entries.empty();
}

bool is_staged(const UpdatePlan& plan) {
  const size_t count =
      plan.changes.ca_in.entries.size() + plan.options.traits.custom_ca_certificates;
  return needs_staging(plan) && plan.options.edition == Edition::kToday &&
         plan.options.staging == Staging::kCustomCaTrust && count <= kMaxCustomCaCertificates;
}

void lint_update(UpdatePlan& plan) { Linter(plan).lint(); }

}  // namespace aks
