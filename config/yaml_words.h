// What YAML that we print has to quote.
#pragma once

#include <string_view>

namespace config {

// Whether some reader takes the plain scalar `text` for a boolean or null: the words of YAML 1.1
// (yaml.org/type/bool.html and null.html), in any case.
bool is_yaml_word(std::string_view text);

}  // namespace config
