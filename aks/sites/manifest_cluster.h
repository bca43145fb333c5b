// Clusters that objects of Kubernetes describe, in the names that Azure has for their members.
#pragma once

#include "config/node.h"

namespace aks::sites {

// Of Cluster API's AzureManagedControlPlane. The ranges of pods and services stand in the Cluster
// that refers to it, which is looked for in the document; the virtual network is that of CAPZ's own
// defaults where none is written.
config::Node cluster_of_capz(const config::Node& object, const config::Node& spec,
                             const config::Node& document);

// Of Azure Service Operator's ManagedCluster. The status, which Azure has filled in, comes first;
// nullptr when there is none.
config::Node cluster_of_aso(const config::Node& spec, const config::Node* status);

}  // namespace aks::sites
