// What a text loads as, in the words that people see.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/load.h"

namespace config {

inline std::vector<std::string> sentences(const std::vector<Problem>& problems) {
  std::vector<std::string> out;
  for (const Problem& problem : problems) out.push_back(to_string(problem));
  return out;
}

inline std::vector<std::string> problems_of(std::string_view yaml) {
  return sentences(load_text(yaml, "sluice.yaml").problems);
}

}  // namespace config
