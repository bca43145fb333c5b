// Goes through an update in a simulation: two proxies, two authorities, nodes and pods that send
// requests after every step. The proxies are proxy::Server on loopback, TLS and certificates are
// real; nodes and pods are values.
#pragma once

#include <string>
#include <vector>

#include "aks/update_plan.h"
#include "base/result.h"
#include "check/probe_result.h"

namespace check {

// What became of one request.
struct Fate {
  std::string pool;
  std::string actor;        // "node", "DaemonSet pod", …
  std::string destination;  // "mcr.microsoft.com"
  std::string way;          // "direct", or the proxy's URL
  Verdict verdict = Verdict::kFail;
  std::string reason;
};

// All requests after one step.
struct Moment {
  std::string step;
  std::vector<Fate> fates;
  size_t failures() const;
};

// One order of the steps.
struct Order {
  enum class Expected { kNoFailure, kFailures };
  std::string name;
  Expected expected = Expected::kNoFailure;
  std::vector<Moment> moments;  // the first is before any step
  size_t failures() const;
  bool as_expected() const;
};

struct Rehearsal {
  std::vector<Order> orders;  // the plan's first, then those that must fail
  std::vector<std::string> notes;
};

// Rehearses the plan's steps, and as controls the same change in wrong orders, which must show
// failures: a rehearsal that can't fail proves nothing. Fails (proxy) when the simulation can't be
// set up.
base::Result<Rehearsal> rehearse(const aks::UpdatePlan& plan);

// Every order went as it must.
bool succeeded(const Rehearsal& rehearsal);

}  // namespace check
