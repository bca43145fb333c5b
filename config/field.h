// One key of sluice.yaml, bound to a member of one Config or Rule: how to read it, show it and
// describe it. Loading, suggestions, `config show` and the JSON Schema all work from these.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "config/node.h"
#include "config/read_scalar.h"
#include "config/report.h"
#include "config/scalar.h"

namespace config {

struct Field {
  enum class Shape { kScalar, kList, kRecords };

  std::string key;  // from the root of its mapping: "timeouts.idle"; in a rule "hosts"
  std::string description;
  std::string example;  // as JSON, or a word: `["a"]`, `4`, `60s`
  Shape shape = Shape::kScalar;
  bool is_required = false;   // within a record
  bool switches_off = false;  // "SECTION: off" is short for "KEY: off"
  Secrecy secrecy = Secrecy::kPublic;
  Json schema{};
  // Replaces the member by what `node` says; `shown` is the key's full name in problems and
  // sources. What cannot be used is reported and left as it was.
  std::function<void(const Node& node, const std::string& shown, Report& report)> read{};
  // The member's value, as `read` would accept it; secrets are masked.
  std::function<Json()> value{};

  Field required() && { return is_required = true, std::move(*this); }
  Field switch_off() && { return switches_off = true, std::move(*this); }
};

// What a person should know about a key.
struct About {
  std::string description;
  std::string example;
};

// Reads the keys of a mapping into the fields bound to them. `prefix` leads the keys' names in
// problems ("policy.rules[0].", or empty). Reports unknown and duplicate keys, missing required
// ones and wrong shapes.
void read_mapping(const Node& node, const std::vector<Field>& fields, const std::string& prefix,
                  Report& report);

// The values of `fields`, nested by their sections, in order.
Json values_of(const std::vector<Field>& fields);

// The JSON Schema of a mapping with `fields`.
Json schema_of(const std::vector<Field>& fields);

// A key with one value.
template <typename T>
Field scalar(std::string key, T& member, Scalar<T> type, About about) {
  Field field{std::move(key), std::move(about.description), std::move(about.example)};
  field.secrecy = type.secrecy;
  field.schema = type.schema;
  field.value = [&member, print = type.print] { return print(member); };
  field.read = [&member, type = std::move(type), example = field.example](
                   const Node& node, const std::string& shown, Report& report) {
    if (auto value = read_scalar(type, node, shown, example, report)) member = std::move(*value);
  };
  return field;
}

// A key with a list of values.
template <typename T>
Field list(std::string key, std::vector<T>& member, Scalar<T> type, About about) {
  Field field{std::move(key), std::move(about.description), std::move(about.example)};
  field.shape = Field::Shape::kList;
  field.schema = Json{{"type", "array"}, {"items", type.schema}};
  field.value = [&member, print = type.print] {
    Json values = Json::array();
    for (const T& value : member) values.push_back(print(value));
    return values;
  };
  field.read = [&member, type = std::move(type), example = field.example](
                   const Node& node, const std::string& shown, Report& report) {
    if (!expect_list(node, shown, example, report)) return;
    std::vector<T> values;
    for (size_t i = 0; i < node.items.size() && !report.full(); ++i) {
      const std::string item = shown + "[" + std::to_string(i) + "]";
      if (auto value = read_scalar(type, node.items[i], item, {}, report)) {
        values.push_back(std::move(*value));
      }
    }
    member = std::move(values);
  };
  return field;
}

// A key with a list of mappings, each with the fields that `fields_of(record)` binds.
template <typename T>
Field records(std::string key, std::vector<T>& member, std::vector<Field> (*fields_of)(T&),
              About about) {
  Field field{std::move(key), std::move(about.description), std::move(about.example)};
  field.shape = Field::Shape::kRecords;
  T sample;
  field.schema = Json{{"type", "array"}, {"items", schema_of(fields_of(sample))}};
  field.value = [&member, fields_of] {
    Json values = Json::array();
    for (T& record : member) values.push_back(values_of(fields_of(record)));
    return values;
  };
  field.read = [&member, fields_of, example = field.example](
                   const Node& node, const std::string& shown, Report& report) {
    if (!expect_list(node, shown, example, report)) return;
    std::vector<T> values;
    for (size_t i = 0; i < node.items.size() && !report.full(); ++i) {
      const std::string item = shown + "[" + std::to_string(i) + "]";
      T& record = values.emplace_back();
      report.set(item, node.items[i]);
      read_mapping(node.items[i], fields_of(record), item + ".", report);
    }
    member = std::move(values);
  };
  return field;
}

}  // namespace config
