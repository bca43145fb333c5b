// Reads the Prometheus text format 0.0.4 and says what is wrong with it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace proxy::admin {

struct Exposition {
  std::map<std::string, std::string> types;    // family → type
  std::map<std::string, std::string> samples;  // series with labels → value
  std::vector<std::string> complaints;
};

Exposition read_exposition(std::string_view text);

}  // namespace proxy::admin
