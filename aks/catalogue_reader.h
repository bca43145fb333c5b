// Reading aks/endpoints.json.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "aks/catalogue.h"

namespace aks {

// Each fails (proxy) with kInternal and says which member is wrong.
base::Result<Provenance> read_provenance(const nlohmann::json& object);
base::Result<Group> read_group(const nlohmann::json& object);
base::Result<Endpoint> read_endpoint(const nlohmann::json& object);

}  // namespace aks
