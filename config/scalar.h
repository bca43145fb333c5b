// What the text of one scalar means: the types that keys and list elements can have.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <variant>

namespace config {

using Json = nlohmann::ordered_json;

// Why a text is refused: the end of a sentence that starts with `KEY is "TEXT"; `.
struct Complaint {
  std::string text;
};

template <typename T>
using Parsed = std::variant<T, Complaint>;

// Whether a value may be shown.
enum class Secrecy { kPublic, kSecret };

template <typename T>
struct Scalar {
  std::function<Parsed<T>(std::string_view)> parse;
  std::function<Json(const T&)> print;  // a string or number that `parse` reads back
  Json schema;                          // JSON Schema of the printed value
  Secrecy secrecy = Secrecy::kPublic;
};

}  // namespace config
