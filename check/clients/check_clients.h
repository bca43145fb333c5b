// Runs the clients that are installed against the plan's destinations and sees where they turn to.
#pragma once

#include "check/live.h"

namespace check {

enum class ClientsNetwork {
  kOwn,   // in namespaces made for it: nothing leaves, and direct requests are seen to arrive
  kHere,  // in the network as it is, such as a pod's: what the proxy does not see counts as direct
};

// Makes the plan and runs every known client twice for it: with a list that covers nothing, the
// control, and with the variables that AKS would set. A recorder stands for the proxy, so the real
// one sees nothing. kOwn changes the calling process for good (check/clients/sandbox.h). Fails when
// the plan can't be made, or the namespaces.
base::Result<Report> check_clients(const LiveOptions& options, ClientsNetwork network);

}  // namespace check
