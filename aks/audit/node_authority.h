// Whether a node trusts what trustedCa says, and nothing that it left behind.
#pragma once

#include <vector>

#include "aks/audit/expectation.h"
#include "aks/audit/node_snapshot.h"
#include "aks/finding.h"

namespace aks::audit {

// Looks at the file that AKS writes, and at the bundle that the distribution makes of it, where the
// snapshot has one. Certificates are compared by their fingerprints.
void audit_authority(const NodeSnapshot& snapshot, const Expectation& expected,
                     render::Distro distro, std::vector<Finding>& findings);

}  // namespace aks::audit
