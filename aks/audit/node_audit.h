// A node's files held against what AKS's scripts write for the cluster's configuration.
#pragma once

#include <string>
#include <vector>

#include "aks/audit/expectation.h"
#include "aks/audit/node_snapshot.h"
#include "aks/finding.h"

namespace aks::audit {

struct NodeAudit {
  render::Distro distro = render::Distro::kUbuntu;
  // In the order in which AKS's scripts go: authority, environment, apt, systemd, kubelet, then
  // what overrides them, then what runs. A finding's path is a file's, its line counts there.
  std::vector<Finding> findings;
  std::vector<std::string> right;  // files that are as they should be

  bool passes() const;                      // nothing is worse than a note
  const Finding* first_difference() const;  // nullptr when it passes
};

// Lists are compared by meaning, as AKS keeps no order; everything else exactly.
NodeAudit audit_node(const NodeSnapshot& snapshot, const Expectation& expected,
                     render::Distro distro);

}  // namespace aks::audit
