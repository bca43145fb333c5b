// The configuration that somebody wants, the list that AKS should make of it, and the live cluster:
// where they differ, what that means, and which step of an update's plan mends it.
#pragma once

#include <string>
#include <vector>

#include "aks/audit/cluster_state.h"
#include "aks/update_plan.h"

namespace aks {

struct DiffInput {
  audit::ClusterState desired, live;
  ClusterFacts facts;
  std::vector<std::string> pools;  // names; at least one
};

// A field that differs in meaning. Order and spelling of noProxy do not count, nor do certificates'
// order and a URL's last slash.
struct FieldDifference {
  std::string field;          // "enabled", "httpProxy", "httpsProxy", "noProxy", "trustedCa"
  std::string desired, live;  // for people
  std::string nodes, pods;    // what it means for them; "" for nothing
  // Numbers of the plan's steps, from 1; 0 where there is none: the update that brings it, the last
  // reimage after that, the creation of pods anew.
  std::size_t applied = 0, reimaged = 0, recreated = 0;
};

// An entry of any of the lists. `live` is that of AKS's own list.
struct EntryRow {
  std::string entry;
  bool desired = false, computed = false, live = false;
  std::string why;  // who put it there, or why it is missing
  bool is_difference = false;
};

struct Diff {
  std::vector<FieldDifference> fields;
  std::vector<EntryRow> entries;
  bool has_live_list = false;  // whether LIVE has an effectiveNoProxy
  UpdatePlan plan;             // from live to desired

  bool is_same() const;
};

Diff diff(const DiffInput& input);

}  // namespace aks
