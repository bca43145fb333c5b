// What an `az aks update` of the proxy sets in motion, as steps in the order that breaks
// nothing. Pure: two configurations in, a plan out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aks/finding.h"
#include "aks/http_proxy_config.h"
#include "aks/no_proxy_list.h"
#include "aks/update_changes.h"

namespace aks {

// Two descriptions of the service. kArticle: an update reaches pods as they are created and nodes
// at their next node image upgrade. kToday: every change reimages all node pools by itself.
enum class Edition { kArticle, kToday };

enum class StepKind {
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
};

struct UpdateOptions {
  Edition edition = Edition::kToday;
  std::vector<std::string> pools;  // names; at least one
  Facts facts;
};

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
// "provide-proxy", "apply", "reimage", "recreate-pods", "retire-proxy", "verify".
std::string_view token_of(StepKind kind);

}  // namespace aks
