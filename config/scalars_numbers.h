// Scalars that count or measure, and words from a fixed set.
#pragma once

#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "config/scalar.h"

namespace config {

// "5s", "250ms"; with `min` 0 also plain "0". Both bounds are allowed values.
Scalar<std::chrono::milliseconds> duration(std::chrono::milliseconds min,
                                           std::chrono::milliseconds max);

// "64KiB" or a number of bytes. Both bounds are allowed values.
Scalar<std::uint64_t> size(std::uint64_t min, std::uint64_t max);

// A decimal number from `min` to `max`.
Scalar<std::uint32_t> count(std::uint32_t min, std::uint32_t max);

// A number from 1 to `max`, or "auto", which is 0 in the Config.
Scalar<std::uint32_t> count_or_auto(std::uint32_t max);

// A TCP port, 1 to 65535.
Scalar<std::uint16_t> port();

// "true" or "false".
Scalar<bool> boolean();

// One of the words.
template <typename Enum>
Scalar<Enum> choice(std::vector<std::pair<std::string, Enum>> words) {
  Json names = Json::array();
  std::string listed;
  for (const auto& [word, value] : words) {
    names.push_back(word);
    listed += (listed.empty() ? "" : word == words.back().first ? " or " : ", ") + word;
  }
  Scalar<Enum> type;
  type.parse = [words, listed](std::string_view text) -> Parsed<Enum> {
    for (const auto& [word, value] : words) {
      if (word == text) return value;
    }
    return Complaint{"expected " + listed};
  };
  type.print = [words](const Enum& wanted) -> Json {
    for (const auto& [word, value] : words) {
      if (value == wanted) return word;
    }
    return nullptr;
  };
  type.schema = Json{{"type", "string"}, {"enum", names}};
  return type;
}

}  // namespace config
