// Whether the cluster reaches its proxy, and its programs what the list says, as far as facts tell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aks/finding.h"
#include "aks/no_proxy_list.h"
#include "aks/proxy_url.h"

namespace aks {

// Linux starts no program with a variable that takes more, its name, '=' and the zero included
// (MAX_ARG_STRLEN, 32 pages).
inline constexpr size_t kMaxVariableBytes = 131'072;

// Appends an error when the proxy's address lies in the range of pods or services.
void lint_proxy_address(const ProxyUrl& proxy, const std::string& path, const Facts& facts,
                        std::vector<Finding>& findings);

// Appends an error when NO_PROXY with this value is longer than Linux takes.
void lint_no_proxy_size(std::string_view effective, const std::string& path,
                        std::vector<Finding>& findings);

// Appends a note on what a network-isolated cluster needs instead of the usual endpoints.
void lint_isolation(const Facts& facts, const std::string& path, std::vector<Finding>& findings);

}  // namespace aks
