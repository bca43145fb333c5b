// The table against what is made of it: the JSON Schema, the manual, the example of a lab.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "config/fields.h"
#include "config/json_schema.h"
#include "tests/support/directory.h"
#include "tests/unit/config/messages.h"

namespace config {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string read_repository_file(const std::string& path) {
  std::ifstream file(tests::directory() + "/../" + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Keys of `tls` that others of them need.
std::string companions_of(const std::string& key) {
  std::string lines;
  for (const auto& [name, value] :
       {std::pair("certificates", "[{certificate: a, key: b}]"),
        std::pair("listen", "[\"127.0.0.1:3130\"]"), std::pair("ca_certificate", "/ca.pem"),
        std::pair("ca_key", "/ca.key")}) {
    if (key != "tls." + std::string(name)) lines += std::string("\n  ") + name + ": " + value;
  }
  return lines;
}

TEST(Fields, EveryExampleIsAcceptedByItsKey) {
  Config config;
  for (const Field& field : fields_of(config)) {
    const size_t dot = field.key.find('.');
    std::string yaml =
        dot == std::string::npos
            ? field.key + ": " + field.example
            : field.key.substr(0, dot) + ":\n  " + field.key.substr(dot + 1) + ": " + field.example;
    if (field.key.starts_with("tls.")) yaml += companions_of(field.key);
    const Loaded loaded = load_text(yaml, field.key);
    EXPECT_FALSE(has_errors(loaded.problems)) << to_string(loaded.problems.front());
  }
}

TEST(JsonSchema, DescribesEveryKeyWithItsDefault) {
  const auto schema = nlohmann::json::parse(json_schema());
  EXPECT_EQ(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(schema["additionalProperties"], false);
  Config defaults;
  for (const Field& field : fields_of(defaults)) {
    const size_t dot = field.key.find('.');
    nlohmann::json property = schema["properties"][field.key.substr(0, dot)];
    if (dot != std::string::npos) property = property["properties"][field.key.substr(dot + 1)];
    ASSERT_TRUE(property.is_object()) << field.key;
    EXPECT_EQ(property["default"], nlohmann::json(field.value())) << field.key;
    EXPECT_FALSE(property["description"].get<std::string>().empty()) << field.key;
  }
  const auto& rule = schema["properties"]["policy"]["properties"]["rules"]["items"];
  EXPECT_EQ(rule["required"], nlohmann::json({"name", "action"}));
}

// docs/configuration.md is for people, but says what the table says.
TEST(Manual, NamesEveryKeyWithItsDefault) {
  const std::string manual = read_repository_file("docs/configuration.md");
  Config defaults;
  for (const Field& field : fields_of(defaults)) {
    const std::string lead = "| `" + field.key + "` |";
    const size_t row = manual.find(lead);
    ASSERT_NE(row, std::string::npos) << "docs/configuration.md has no row for " << field.key;
    const std::string line = manual.substr(row, manual.find('\n', row) - row);
    const Json value = field.value();
    if (value.is_array()) continue;  // for the reader's eyes
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    EXPECT_THAT(line, HasSubstr(" | `" + (text.empty() ? "\"\"" : text) + "` |")) << field.key;
  }
}

TEST(Manual, ItsYamlBlocksAreValid) {
  const std::string manual = read_repository_file("docs/configuration.md");
  const std::string fence = "```yaml\n";
  int blocks = 0;
  for (size_t at = manual.find(fence); at != std::string::npos; at = manual.find(fence, at)) {
    at += fence.size();
    const std::string block = manual.substr(at, manual.find("```", at) - at);
    EXPECT_THAT(problems_of(block), IsEmpty()) << block;
    ++blocks;
  }
  EXPECT_GT(blocks, 0);
}

TEST(LabExample, IsValid) {
  const std::string text = read_repository_file("deploy/sluice.yaml");
  ASSERT_FALSE(text.empty());
  EXPECT_THAT(problems_of(text), IsEmpty());
}

}  // namespace
}  // namespace config
