// What an `az aks update` of the proxy sets in motion, as steps in the order that breaks
// nothing. Pure: two configurations in, a plan out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aks/cluster_traits.h"
#include "aks/finding.h"
#include "aks/http_proxy_config.h"
#include "aks/no_proxy_list.h"
#include "aks/update_changes.h"

namespace aks {

// Two descriptions of the service. kArticle: an update reaches pods as they are created and nodes
// at their next node image upgrade. kToday: every change reimages all node pools by itself.
enum class Edition { kArticle, kToday };

enum class StepKind {
  kStageTrust,    // people: az aks update of custom CA trust, which nodes have without any proxy
  kProvideProxy,  // people: the new proxy, or its new certificates, must be there from here on
  kApply,         // people: az aks update; pods created from here on get the new variables
  kReimage,       // one node pool gets the files and certificates; its evicted pods come back new
  kRecreatePods,  // people: what no eviction touches is created anew
  kRetireProxy,   // people: the old proxy may go
  kVerify,        // people: look
};

// Which certificates a proxy shows that is provided: its own, or those that inspection makes.
enum class Shows {
  kKnown,  // such as everybody believes before the update
  kNew,    // of the authorities that come with the new trustedCa
};

struct Step {
  StepKind kind = StepKind::kApply;
  std::string what;                       // a sentence
  std::vector<std::string> notes;         // sentences: what follows from it, what to watch
  std::string pool;                       // of kReimage
  std::optional<HttpProxyConfig> config;  // of kApply: what the cluster has from here on
  Shows shows = Shows::kNew;              // of kProvideProxy
  bool shows_late = false;   // of kProvideProxy: one that is there changes what it shows
  std::string staged_pem{};  // of kStageTrust: what reimaged nodes believe besides
  std::string undo{};        // a sentence: the way back; "" where none is needed
};

// Custom CA trust takes at most this many certificates.
inline constexpr std::size_t kMaxCustomCaCertificates = 10;

// How nodes get to know the authority of a first proxy.
enum class Staging {
  kCustomCaTrust,  // before it, by AKS's custom CA trust
  kPlainProxy,     // with it: the proxy does not inspect until they do
};

struct UpdateOptions {
  Edition edition = Edition::kToday;
  std::vector<std::string> pools;  // names; at least one
  Facts facts;
  ClusterTraits traits{};
  Staging staging = Staging::kCustomCaTrust;
};

// The name under which nodes of Node Auto Provisioning, which are in no pool, count as one.
inline constexpr const char* kProvisionedNodes = "node-auto-provisioning";

// The pools that are reimaged: those named, and the nodes that are in none.
std::vector<std::string> pools_of(const UpdateOptions& options);

struct UpdatePlan {
  UpdateOptions options;
  HttpProxyConfig before, after;
  Changes changes;
  std::vector<Finding> findings;  // about the change; those of the documents are validate's
  std::vector<Step> steps;        // none when nothing changes
};

// An error among the findings means that the edition's service does not do this.
UpdatePlan make_update_plan(const HttpProxyConfig& before, const HttpProxyConfig& after,
                            const UpdateOptions& options);

// "article", "today".
std::string_view token_of(Edition edition);
// "stage-trust", "provide-proxy", "apply", "reimage", "recreate-pods", "retire-proxy", "verify".
std::string_view token_of(StepKind kind);

}  // namespace aks
