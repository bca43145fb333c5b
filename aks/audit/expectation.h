// What nodes and pods should have, and how a value that they have differs from that.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aks/audit/cluster_state.h"
#include "aks/pod_variables.h"
#include "aks/render/values.h"

namespace aks::audit {

// Where the expected noProxy comes from.
enum class Source {
  kLive,      // effectiveNoProxy, as AKS computed it
  kComputed,  // the configuration's entries and what the facts say AKS adds
};

struct Expectation {
  render::Values values;               // all empty: no proxy
  std::vector<PodVariable> variables;  // of pods, from the same code that renders their `env`
  Source source = Source::kComputed;
  ClusterFacts facts;

  bool has_proxy() const { return values.configures_nodes(); }
};

Expectation expect(const ClusterState& state, const ClusterFacts& facts);

// The entries of two noProxy lists that the other has not, by meaning: AKS keeps no order.
struct ListDifference {
  std::vector<std::string> missing;  // expected, and not there
  std::vector<std::string> extra;    // there, and not expected
  bool empty() const { return missing.empty() && extra.empty(); }
};

// `value` is a variable's, with commas. Where the expected list is computed, entries that AKS adds
// for facts which nobody gave (address prefixes, the API server's name) are not extra.
ListDifference compare_no_proxy(const Expectation& expected, std::string_view value);

// Whether AKS may have added the entry for a fact that nobody gave.
bool may_be_added(const std::string& entry, const ClusterFacts& facts);

// "lacks .svc and has old.example besides"; of more than three entries the rest are counted.
std::string describe(const ListDifference& difference);

}  // namespace aks::audit
