#include "config/scalars_numbers.h"

#include <charconv>
#include <optional>

#include "base/ip.h"
#include "base/units.h"

namespace config {
namespace {

// Plain decimal digits, nothing else.
std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Scalar<std::chrono::milliseconds> duration(std::chrono::milliseconds min,
                                           std::chrono::milliseconds max) {
  using Ms = std::chrono::milliseconds;
  Scalar<Ms> type;
  type.parse = [min, max](std::string_view text) -> Parsed<Ms> {
    const bool none = min == Ms::zero() && text == "0";
    const std::optional<Ms> value = none ? Ms::zero() : base::parse_duration(text);
    if (!value) return Complaint{"expected a duration such as \"5s\" or \"2m\""};
    if (*value >= min && *value <= max) return *value;
    const std::string low = min == Ms::zero() ? "0" : base::format_duration(min);
    return Complaint{"expected " + low + " to " + base::format_duration(max)};
  };
  type.print = [](const Ms& value) -> Json {
    return value == Ms::zero() ? "0s" : base::format_duration(value);
  };
  const Json text = {{"type", "string"}, {"pattern", "^[0-9]+(ms|s|m|h|d)$"}};
  type.schema = min == Ms::zero() ? Json{{"anyOf", Json::array({text, Json{{"const", 0}}})}} : text;
  return type;
}

Scalar<std::uint64_t> size(std::uint64_t min, std::uint64_t max) {
  Scalar<std::uint64_t> type;
  type.parse = [min, max](std::string_view text) -> Parsed<std::uint64_t> {
    const auto value = base::parse_size(text);
    if (!value) return Complaint{"expected a size such as \"64KiB\" or a number of bytes"};
    if (*value >= min && *value <= max) return *value;
    const std::string low = min == 0 ? "0" : base::format_size(min);
    return Complaint{"expected " + low + " to " + base::format_size(max)};
  };
  type.print = [](const std::uint64_t& value) -> Json {
    if (value % 1024 != 0 || value == 0) return value;
    return base::format_size(value);
  };
  type.schema = Json{{"type", Json::array({"integer", "string"})},
                     {"minimum", min},
                     {"maximum", max},
                     {"pattern", "^[0-9]+(B|KiB|MiB|GiB)?$"}};
  return type;
}

Scalar<std::uint32_t> count(std::uint32_t min, std::uint32_t max) {
  Scalar<std::uint32_t> type;
  type.parse = [min, max](std::string_view text) -> Parsed<std::uint32_t> {
    const auto value = parse_decimal(text);
    if (value && *value >= min && *value <= max) return static_cast<std::uint32_t>(*value);
    return Complaint{"expected a number from " + std::to_string(min) + " to " +
                     std::to_string(max)};
  };
  type.print = [](const std::uint32_t& value) -> Json { return value; };
  type.schema = Json{{"type", "integer"}, {"minimum", min}, {"maximum", max}};
  return type;
}

Scalar<std::uint32_t> count_or_auto(std::uint32_t max) {
  const Scalar<std::uint32_t> number = count(1, max);
  Scalar<std::uint32_t> type;
  type.parse = [number, max](std::string_view text) -> Parsed<std::uint32_t> {
    if (text == "auto") return std::uint32_t{0};
    auto parsed = number.parse(text);
    if (std::holds_alternative<std::uint32_t>(parsed)) return parsed;
    return Complaint{"expected auto or a number from 1 to " + std::to_string(max)};
  };
  type.print = [](const std::uint32_t& value) -> Json {
    if (value == 0) return "auto";
    return value;
  };
  type.schema = Json{{"anyOf", Json::array({Json{{"const", "auto"}}, number.schema})}};
  return type;
}

Scalar<std::uint16_t> port() {
  Scalar<std::uint16_t> type;
  type.parse = [](std::string_view text) -> Parsed<std::uint16_t> {
    if (const auto value = base::parse_port(text)) return *value;
    return Complaint{"expected a port from 1 to 65535"};
  };
  type.print = [](const std::uint16_t& value) -> Json { return value; };
  type.schema = Json{{"type", "integer"}, {"minimum", 1}, {"maximum", 65535}};
  return type;
}

Scalar<bool> boolean() {
  Scalar<bool> type;
  type.parse = [](std::string_view text) -> Parsed<bool> {
    if (text == "true") return true;
    if (text == "false") return false;
    return Complaint{"expected true or false"};
  };
  type.print = [](const bool& value) -> Json { return value; };
  type.schema = Json{{"type", "boolean"}};
  return type;
}

}  // namespace config
