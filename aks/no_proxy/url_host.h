// The step before NO_PROXY is read: what each client's URL parser makes of the host.
#pragma once

#include "aks/no_proxy/client.h"
#include "aks/no_proxy/destination.h"

namespace aks::no_proxy {

// `to` with the host as `client` goes on to compare it: what is written 127.1, 0x7f000001,
// ex%61mple.com or example。com may be 127.0.0.1 or example.com by then, and for another client
// not. A host that the client's parser would refuse stays as it is.
Destination as_parsed_by(Client client, const Destination& to);

}  // namespace aks::no_proxy
