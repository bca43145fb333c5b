// What real clients did with the plan's destinations, beside what was predicted.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aks/no_proxy/evaluate.h"
#include "aks/route.h"
#include "check/probe_result.h"

namespace check {

// Where a request was seen to arrive.
enum class Seen { kNowhere, kProxy, kDirect, kBoth };

struct ClientRoute {
  std::string url;
  aks::Route wanted = aks::Route::kProxy;  // by the plan
  aks::no_proxy::Verdict predicted;
  Seen control = Seen::kNowhere;  // with a list that covers nothing
  Seen seen = Seen::kNowhere;
  Verdict verdict = Verdict::kSkip;  // kSkip: nothing can be told, the control failed
  std::string reason;                // a sentence
};

struct ClientRun {
  std::string program;  // with its version, e.g. "curl 7.88.1"
  std::optional<aks::no_proxy::Client> rules;
  std::string skipped;              // why it was not run; "" when it was
  std::vector<ClientRoute> routes;  // in the plan's order
};

// "nowhere", "proxy", "direct", "both".
std::string_view token_of(Seen seen);

}  // namespace check
