#include "aks/update_plan.h"

#include <algorithm>
#include <utility>

#include "aks/own_entries.h"
#include "aks/update_findings.h"
#include "aks/update_undo.h"

namespace aks {
namespace {

std::string list_of(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : " and ") + text;
  return out;
}

// Whether clients and nodes get the same from both, whatever the order of a bundle.
bool is_same(const HttpProxyConfig& a, const HttpProxyConfig& b) {
  if (!a.enabled && !b.enabled) return true;
  const Changes changes = compare(a, b);
  const bool variables = std::all_of(changes.fields.begin(), changes.fields.end(),
                                     [](const std::string& field) { return field == "trustedCa"; });
  return variables && changes.ca_in.entries.empty() && changes.ca_out.entries.empty();
}

constexpr const char* kReimages =
    "AKS reimages all node pools by itself, node after node; a PodDisruptionBudget that allows no "
    "eviction stops it.";

class Planner {
 public:
  explicit Planner(UpdatePlan& plan) : plan_(plan), changes_(plan.changes) {}

  void plan() {
    if (is_staged(plan_)) stage_trust();
    if (!changes_.proxies_in.empty()) provide_proxy();
    bool changed_certificates = !plan_.after.enabled || changes_.ca_in.entries.empty() ||
                                (!changes_.proxies_in.empty() && !is_first_authority());
    bool switched = !plan_.before.enabled && !plan_.after.enabled;
    for (const Stage& stage : stages()) {
      apply(stage.config, stage.what);
      if (!std::exchange(changed_certificates, true)) change_certificates();
      if (switched || !has_new_variables(stage.config)) continue;
      switched = true;
      recreate_pods();
      if (!changes_.proxies_out.empty()) retire_proxy();
    }
    verify();
  }

 private:
  struct Stage {
    HttpProxyConfig config;
    std::string what;
  };

  // What the cluster is to have, one after the other. New certificates come before anybody meets
  // them, old ones go when nobody does any more.
  std::vector<Stage> stages() const {
    std::vector<Stage> all;
    if (is_switched_off()) {
      HttpProxyConfig kept = plan_.before;  // AKS takes no file with that
      kept.enabled = false;
      all.push_back({std::move(kept), "Switch the proxy off."});
      return all;
    }
    const auto add = [&](HttpProxyConfig config, std::string what) {
      const HttpProxyConfig& last = all.empty() ? plan_.before : all.back().config;
      if (!is_same(config, last) && !is_same(config, plan_.after))
        all.push_back({std::move(config), std::move(what)});
    };
    HttpProxyConfig widened = plan_.before;
    widened.trusted_ca_pem = changes_.ca_all.pem();
    HttpProxyConfig switched = plan_.after;
    switched.trusted_ca_pem = changes_.ca_all.pem();
    if (!proxies_of(plan_.before).empty()) {
      add(widened,
          "Send the old configuration with the certificates of both: nothing else changes, "
          "and afterwards every node believes both.");
      add(switched,
          "Send the new configuration, still with the certificates of both: pods that "
          "keep the old variables meet the old ones.");
    }
    std::string what =
        all.empty() ? "Send the new configuration." : "Send the new configuration as it is.";
    if (is_switched_on_again()) what = "Switch the proxy on again.";
    all.push_back({plan_.after, std::move(what)});
    return all;
  }

  bool is_switched_off() const { return plan_.before.enabled && !plan_.after.enabled; }

  // With what AKS kept, and no file.
  bool is_switched_on_again() const {
    return plan_.after.enabled && changes_.fields == std::vector<std::string>{"enabled"};
  }

  bool has_new_variables(HttpProxyConfig config) const {
    config.trusted_ca_pem = plan_.after.trusted_ca_pem;
    return is_same(config, plan_.after);
  }

  void step(StepKind kind, std::string what, std::vector<std::string> notes) {
    plan_.steps.push_back({kind, std::move(what), std::move(notes), "", std::nullopt});
  }

  // httpProxyConfig brings no certificates before the proxy itself: unless another feature did, it
  // must do without them at first.
  bool is_first_authority() const { return needs_staging(plan_) && !is_staged(plan_); }

  void stage_trust() {
    step(
        StepKind::kStageTrust, "Give all nodes the new authority, as custom CA trust.",
        {"az aks update --name NAME --resource-group GROUP --custom-ca-trust-certificates FILE "
         "(az 2.72.0 or newer)",
         "FILE has the certificates of trustedCa as PEM, a blank line between them, and those that "
         "the cluster has there already: the list is replaced. AKS takes " +
             std::to_string(kMaxCustomCaCertificates) + ".",
         kReimages});
    plan_.steps.back().staged_pem = changes_.ca_in.pem();
    reimage(StepKind::kStageTrust);
  }

  void provide_proxy() {
    const std::string urls = list_of(changes_.proxies_in);
    const char* reach =
        "Every node subnet must reach it, and it must let through what the cluster needs "
        "(sluice check).";
    if (is_first_authority()) {
      step(StepKind::kProvideProxy,
           "Have " + urls + " at work, without certificates of the new authority yet.",
           {reach,
            "It may inspect TLS only when every node believes it: a pod that comes to a node "
            "before its reimage has the proxy and not the certificates."});
      plan_.steps.back().shows = Shows::kKnown;
    } else {
      std::vector<std::string> notes{reach};
      if (!proxies_of(plan_.before).empty()) notes.emplace_back("The old proxy stays.");
      step(StepKind::kProvideProxy, "Have " + urls + " at work.", std::move(notes));
    }
  }

  void change_certificates() {
    step(StepKind::kProvideProxy, "Let the proxy show certificates of the new authority.",
         {"Every node believes it by now."});
    plan_.steps.back().shows_late = true;
  }

  void apply(const HttpProxyConfig& config, std::string what) {
    Step applied{StepKind::kApply, std::move(what), what_to_send(), "", config};
    applied.notes.emplace_back(
        plan_.after.enabled ? "Pods created from now on get its variables, wherever they run."
                            : "Pods created from now on get no proxy variables.");
    const bool today = plan_.options.edition == Edition::kToday;
    applied.notes.emplace_back(
        today ? kReimages
              : "Nodes keep their files (environment, systemd, trusted certificates) until their "
                "image is upgraded.");
    plan_.steps.push_back(std::move(applied));
    reimage(StepKind::kApply);
  }

  // One step a pool, behind the one that sets them off.
  void reimage(StepKind cause) {
    const bool today = plan_.options.edition == Edition::kToday;
    for (const std::string& pool : pools_of(plan_.options)) {
      Step reimage{StepKind::kReimage, "", {}, pool, std::nullopt};
      reimage.what = today ? "AKS reimages node pool " + pool + "."
                           : "Upgrade the node image of pool " + pool + ".";
      if (pool == kProvisionedNodes) {
        reimage.what = "Node Auto Provisioning replaces its nodes.";
        reimage.notes.emplace_back(
            "They drift, and go as the disruption budgets of their NodePools allow: kubectl get "
            "nodeclaims shows how far that is.");
      } else if (!today) {
        reimage.notes.push_back(
            "az aks nodepool upgrade --node-image-only --cluster-name NAME "
            "--resource-group GROUP --name " +
            pool);
      }
      const bool first = plan_.steps.back().kind == cause;
      if (first && cause == StepKind::kApply)
        reimage.notes.push_back("Evicted pods come back with " + what_pods_get() +
                                "; pods of DaemonSets stay the same objects and keep theirs.");
      plan_.steps.push_back(std::move(reimage));
    }
  }

  // The command, and what it does not say itself.
  std::vector<std::string> what_to_send() const {
    const std::string command = "az aks update --name NAME --resource-group GROUP ";
    if (is_switched_off()) {
      std::vector<std::string> notes{
          command + "--disable-http-proxy (az 2.85.0 or newer)",
          "AKS keeps the configuration, and --enable-http-proxy brings it back."};
      if (changes_.fields.size() > 1)
        notes.emplace_back(
            "What else NEW changes is not sent by that: send it when the proxy comes back.");
      return notes;
    }
    if (is_switched_on_again())
      return {command + "--enable-http-proxy (az 2.85.0 or newer)",
              "AKS has kept the configuration."};
    std::vector<std::string> notes{command + "--http-proxy-config FILE"};
    if (!plan_.after.enabled) notes.emplace_back("The proxy stays off; AKS keeps the values.");
    return notes;
  }

  std::string what_pods_get() const {
    return plan_.after.enabled ? "the new variables" : "no proxy variables";
  }

  void recreate_pods() {
    const auto& fields = changes_.fields;
    const bool only_authorities = fields.size() == 1 && fields.front() == "trustedCa";
    if (only_authorities) return;
    step(
        StepKind::kRecreatePods, "Create anew every pod that still has old variables.",
        {"kubectl rollout restart, DaemonSets in kube-system included; Jobs and bare pods by hand. "
         "sluice aks audit pods says which, and gives the commands.",
         "Pods annotated kubernetes.azure.com/no-http-proxy-vars have none and need nothing."});
  }

  void retire_proxy() {
    step(StepKind::kRetireProxy, "Retire " + list_of(changes_.proxies_out) + ".",
         {"Its access log shows who still asks it; wait until nobody does."});
  }

  void verify() {
    if (plan_.after.enabled) {
      step(StepKind::kVerify, "Look at what arrived.",
           {"kubectl get pods -A -o json | sluice aks audit pods -f CLUSTER",
            "sluice aks audit node, for a node of each pool",
            "sluice check -f NEW, from a pod and a node"});
    } else {
      step(StepKind::kVerify, "Look whether the proxy is gone.",
           {"kubectl describe pod -n kube-system shows no http_proxy, https_proxy and no_proxy",
            "/etc/environment on a node of each pool has none of them",
            "curl -sSI https://mcr.microsoft.com/v2/ from a pod and a node, which must get there "
            "directly"});
    }
  }

  UpdatePlan& plan_;
  const Changes& changes_;
};

}  // namespace

UpdatePlan make_update_plan(const HttpProxyConfig& before, const HttpProxyConfig& after,
                            const UpdateOptions& options) {
  // {"enabled": false} and nothing else switches off what the cluster has.
  HttpProxyConfig kept = after;
  if (!after.enabled && !after.http_proxy && !after.https_proxy) {
    kept = before;
    kept.enabled = false;
  }
  const ClusterFacts& facts = options.facts.cluster;
  HttpProxyConfig own_before = before;
  HttpProxyConfig own_kept = kept;
  own_before.no_proxy = own_entries(before.no_proxy, facts);
  own_kept.no_proxy = own_entries(kept.no_proxy, facts);
  UpdatePlan plan{options, before, kept, compare(own_before, own_kept), {}, {}};
  if (plan.changes.fields.empty()) return plan;
  lint_update(plan);
  if (!has_errors(plan.findings)) Planner(plan).plan();
  plan_the_way_back(plan);
  return plan;
}

std::vector<std::string> pools_of(const UpdateOptions& options) {
  std::vector<std::string> pools = options.pools;
  if (options.traits.node_auto_provisioning) pools.emplace_back(kProvisionedNodes);
  return pools;
}

std::string_view token_of(Edition edition) {
  return edition == Edition::kArticle ? "article" : "today";
}

std::string_view token_of(StepKind kind) {
  switch (kind) {
    case StepKind::kStageTrust: return "stage-trust";
    case StepKind::kProvideProxy: return "provide-proxy";
    case StepKind::kApply: return "apply";
    case StepKind::kReimage: return "reimage";
    case StepKind::kRecreatePods: return "recreate-pods";
    case StepKind::kRetireProxy: return "retire-proxy";
    case StepKind::kVerify: return "verify";
  }
  return "";
}

}  // namespace aks
