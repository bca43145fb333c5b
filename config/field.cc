#include "config/field.h"

#include <string_view>

namespace config {
namespace {

// Splits "timeouts.idle"; the section is empty for a key at the root.
std::pair<std::string, std::string> split_key(const std::string& key) {
  const size_t dot = key.find('.');
  if (dot == std::string::npos) return {"", key};
  return {key.substr(0, dot), key.substr(dot + 1)};
}

Json empty_object_schema() {
  return Json{{"type", "object"}, {"additionalProperties", false}, {"properties", Json::object()}};
}

// "60s" is text, `["a"]` and `4` are what they look like.
Json example_value(const std::string& example) {
  return Json::accept(example) ? Json::parse(example) : Json(example);
}

}  // namespace

Json values_of(const std::vector<Field>& fields) {
  Json values = Json::object();
  for (const Field& field : fields) {
    const auto [section, name] = split_key(field.key);
    (section.empty() ? values : values[section])[name] = field.value();
  }
  return values;
}

Json schema_of(const std::vector<Field>& fields) {
  Json schema = empty_object_schema();
  Json required = Json::array();
  for (const Field& field : fields) {
    const auto [section, name] = split_key(field.key);
    Json property = field.schema;
    property["description"] = field.description;
    if (field.is_required) {
      required.push_back(name);
    } else {
      property["default"] = field.value();
    }
    property["examples"] = Json::array({example_value(field.example)});
    if (section.empty()) {
      schema["properties"][name] = std::move(property);
      continue;
    }
    Json& slot = schema["properties"][section];
    if (slot.is_null()) {
      slot = empty_object_schema();
      slot["type"] = Json::array({"object", "null"});
    }
    if (field.switches_off) {
      slot["type"].push_back("string");
      slot["pattern"] = "^off$";
    }
    slot["properties"][name] = std::move(property);
  }
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

}  // namespace config
