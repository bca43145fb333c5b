// The variables through which AKS hands the configuration to its node scripts (CSE).
#pragma once

#include <string>
#include <vector>

#include "aks/render/values.h"

namespace aks::render {

// `export NAME="value";` for NO_PROXY, HTTPS_PROXY and http_proxy, in this order and case, which
// the scripts evaluate before their own downloads. Without quoting, as AKS builds it.
std::string proxy_vars(const Values& values);

// SHOULD_CONFIGURE_HTTP_PROXY, SHOULD_CONFIGURE_HTTP_PROXY_CA, HTTP_PROXY_TRUSTED_CA,
// HTTP_PROXY_URLS, HTTPS_PROXY_URLS, NO_PROXY_URLS, PROXY_VARS; those without a value are empty.
std::vector<Variable> cse_variables(const Values& values);

// The variables as a file that a POSIX shell reads, and as a JSON object.
std::string cse_shell(const std::vector<Variable>& variables);
std::string cse_json(const std::vector<Variable>& variables);

}  // namespace aks::render
