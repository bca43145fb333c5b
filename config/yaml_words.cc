#include "config/yaml_words.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace config {

bool is_yaml_word(std::string_view text) {
  static constexpr std::array<std::string_view, 10> kWords = {"y",   "n",    "yes",   "no",   "on",
                                                              "off", "true", "false", "null", "~"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [text](std::string_view word) { return base::iequals(text, word); });
}

}  // namespace config
