// What a node's own programs do with a NO_PROXY list: kubelet, containerd, kubectl and Helm follow
// Go's rules.
#pragma once

#include <cstdint>
#include <string_view>

#include "aks/no_proxy/evaluate.h"

namespace aks::no_proxy {

// The verdict on a request for https://host:port with a proxy set for it. `host` is without
// brackets.
Verdict node_verdict(std::string_view list, std::string_view host, std::uint16_t port = 443);

// Whether such a request goes past the proxy.
bool nodes_bypass(std::string_view list, std::string_view host);

}  // namespace aks::no_proxy
