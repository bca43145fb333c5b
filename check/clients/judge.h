// What a client's run means.
#pragma once

#include "check/client_run.h"

namespace check {

enum class Evidence {
  kOrigins,    // direct requests are seen where they arrive
  kProxyOnly,  // direct requests are those that the proxy does not see
};

// Fills in verdict and reason from what was predicted and seen. `control` is what is predicted for
// the control: a client that does not reach the proxy then can't be tested.
void judge(ClientRoute& route, const aks::no_proxy::Verdict& control, Evidence evidence);

}  // namespace check
