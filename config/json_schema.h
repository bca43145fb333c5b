// The JSON Schema (draft 2020-12) of sluice.yaml, for editors.
#pragma once

#include <string>

namespace config {

// It knows every key, its type, bounds, default and description. It is laxer than the loader where
// the loader looks at more than one key.
std::string json_schema();

}  // namespace config
