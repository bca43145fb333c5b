#include "aks/render/document.h"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <nlohmann/json.hpp>

namespace aks::render {
namespace {

using nlohmann::ordered_json;

TEST(Document, PrintsObjectsAsKubectlUsersWriteThem) {
  const ordered_json object = {{"kind", "ConfigMap"},
                               {"metadata", {{"name", "x"}, {"labels", ordered_json::object()}}},
                               {"list", ordered_json::array({{{"name", "a"}, {"port", 1}}, "b"})},
                               {"none", nullptr},
                               {"yes", true},
                               {"data", {{"f.crt", "line 1\n\nline 2\n"}}}};
  EXPECT_EQ(print(object, Format::kYaml),
            "kind: ConfigMap\n"
            "metadata:\n"
            "  name: x\n"
            "  labels: {}\n"
            "list:\n"
            "  - name: a\n"
            "    port: 1\n"
            "  - b\n"
            "none: null\n"
            "\"yes\": true\n"
            "data:\n"
            "  f.crt: |\n"
            "    line 1\n"
            "\n"
            "    line 2\n");
  EXPECT_EQ(ordered_json::parse(print(object, Format::kJson)), object);
}

TEST(Document, KeepsStringsStrings) {
  for (const char* text : {"",
                           "true",
                           "No",
                           "y",
                           "null",
                           "~",
                           "1",
                           "1e3",
                           "0x1f",
                           "12:30:45",
                           "2026-01-01",
                           "-",
                           "a: b",
                           "a #b",
                           "#a",
                           "*",
                           "&a",
                           "!t",
                           "%d",
                           "@a",
                           "`a`",
                           "[::1]",
                           "{a}",
                           " a",
                           "a ",
                           "'a'",
                           "\"a\"",
                           "a\\b",
                           "a\tb",
                           "a\nb",
                           "a\n",
                           "a\n\n",
                           " a\nb\n",
                           "\na\n",
                           "a\r\nb\r\n",
                           "---\n...\n",
                           "\x01",
                           "\x7f",
                           "\xc2\x85",
                           "\xe2\x80\xa8",
                           "\xef\xbb\xbf",
                           "\xc3\xa4",
                           "\xf0\x9f\x94\x92",
                           "a,b",
                           "localhost,10.0.0.0/8",
                           "http://p.example:3128/",
                           "|",
                           ">",
                           "?",
                           "? a",
                           "- a",
                           "=",
                           "<<"}) {
    const ordered_json object = {{"key", text}, {text, "value"}};
    const YAML::Node read = YAML::Load(print(object, Format::kYaml));
    EXPECT_EQ(read["key"].as<std::string>(), text) << print(object, Format::kYaml);
    EXPECT_EQ(read[text].as<std::string>(), "value") << print(object, Format::kYaml);
  }
}

// YAML lets a key before a colon have 1024 characters (1.2, 7.4.2).
TEST(Document, KeepsLongKeys) {
  const std::string long_key(1500, 'k');
  const auto read = [](const ordered_json& value) {
    return YAML::Load(print(value, Format::kYaml));
  };
  for (const size_t size : {1022U, 1024U, 1025U, 5000U}) {
    const std::string key(size, 'k');
    for (const ordered_json& value :
         {ordered_json("v"), ordered_json(1), ordered_json("a\nb\n"), ordered_json(long_key),
          ordered_json{{long_key, {{long_key, "v"}}}}, ordered_json::array({1, {{long_key, 2}}})}) {
      const YAML::Node document = read({{key, value}, {"list", {{{key, value}, {"after", 1}}}}});
      const std::string expected = YAML::Dump(read({{"k", value}})["k"]);
      EXPECT_EQ(YAML::Dump(document[key]), expected) << size;
      EXPECT_EQ(YAML::Dump(document["list"][0][key]), expected) << size;
      EXPECT_EQ(document["list"][0]["after"].as<int>(), 1) << size;
    }
  }
}

TEST(Document, QuotesWhatOtherReadersTakeForSomethingElse) {
  // yaml-cpp hands out text for anything; these would be booleans, null or numbers elsewhere.
  for (const char* text :
       {"true", "No", "y", "off", "null", "NULL", "1", "1e3", ".5", "2026-01-01"}) {
    EXPECT_EQ(print(text, Format::kYaml), '"' + std::string(text) + "\"\n");
  }
}

TEST(Document, PutsDocumentsInARow) {
  const std::vector<ordered_json> two = {{{"a", 1}}, {{"b", 2}}};
  EXPECT_EQ(print_all(two, Format::kYaml), "a: 1\n---\nb: 2\n");
  const auto list = ordered_json::parse(print_all(two, Format::kJson));
  EXPECT_EQ(list["kind"], "List");
  EXPECT_EQ(list["items"], ordered_json(two));
  EXPECT_EQ(print_all({{{"a", 1}}}, Format::kJson), "{\n  \"a\": 1\n}\n");
}

}  // namespace
}  // namespace aks::render
