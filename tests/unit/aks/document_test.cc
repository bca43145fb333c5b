#include "aks/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/aks/findings.h"

namespace aks {
namespace {

using aks_test::brief;
using aks_test::messages;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Outcome {
  std::optional<Document> document;
  std::vector<Finding> findings;
};

Outcome parse(std::string_view text) {
  Outcome out;
  out.document = parse_document(text, out.findings);
  return out;
}

TEST(Document, TellsJsonFromYaml) {
  EXPECT_EQ(parse(" \n{\"a\": 1}").document->notation, Notation::kJson);
  EXPECT_EQ(parse("// x\n{\"a\": 1}").document->notation, Notation::kJson);
  EXPECT_EQ(parse("a: 1\n").document->notation, Notation::kYaml);
  EXPECT_EQ(parse("- a\n").document->notation, Notation::kYaml);
  EXPECT_EQ(parse("").document->root.kind, config::Node::Kind::kNull);
}

TEST(Document, ReportsWhatJsonDoesNotHaveAndReadsOn) {
  const Outcome out = parse("\xef\xbb\xbf{\"a\": 1, // x\n \"a\": \"y\nz\",}");
  ASSERT_TRUE(out.document);
  EXPECT_THAT(brief(out.findings),
              ElementsAre("warning $ config-bom", "warning $ json-comment", "error $ json-control",
                          "error $ json-trailing-comma", "warning $.a json-duplicate-key"));
  EXPECT_EQ(member(out.document->root, "a")->text, "y\nz") << "the last one counts";
}

TEST(Document, FindsDuplicatesOfYamlAndInside) {
  EXPECT_THAT(brief(parse("a: 1\nb:\n  - c: 1\n    c: 2\n").findings),
              ElementsAre("warning $.b[0].c json-duplicate-key"));
}

TEST(Document, SaysWhyItCannotBeRead) {
  const std::pair<std::string, const char*> cases[] = {
      {"{\"a\": x}", "line 1, column 7"},
      {"a: [1\n", "not YAML"},
      {std::string("\xff\xfe{\0}", 5), "UTF-16"},
      {"resource \"azurerm_kubernetes_cluster\" \"aks\" {\n}\n", "terraform show -json"},
      {"# x\n\nterraform {\n}\n", "terraform show -json"},
      {"// x\nparam name string\n", "az bicep build --file"},
      {"@description('x')\nparam name string\n", "az bicep build --file"},
      {"targetScope = 'subscription'\n", "az bicep build --file"},
      {"using 'main.bicep'\nparam x = 'a'\n", "az bicep build-params"},
      {"-----BEGIN CERTIFICATE-----\nAAEC\n", "trustedCa"},
      {"PK\x03\x04", "terraform show -json"},
      {std::string(kMaxConfigBytes + 1, ' '), "8 MiB"},
  };
  for (const auto& [text, words] : cases) {
    const Outcome out = parse(text);
    EXPECT_FALSE(out.document) << words;
    ASSERT_EQ(out.findings.size(), 1U) << words;
    EXPECT_TRUE(has_errors(out.findings));
    EXPECT_THAT(messages(out.findings), HasSubstr(words));
  }
}

TEST(Document, ReadsUtf16AsTheAzCliDoes) {
  const auto wide = [](std::string_view text, bool little) {
    std::string out = little ? "\xff\xfe" : "\xfe\xff";
    for (const char c : text) {
      out += little ? c : '\0';
      out += little ? '\0' : c;
    }
    return out;
  };
  for (const bool little : {true, false}) {
    const Outcome out = parse(wide(R"({"a": "x"})", little));
    ASSERT_TRUE(out.document);
    EXPECT_EQ(member(out.document->root, "a")->text, "x");
    EXPECT_THAT(brief(out.findings), ElementsAre("warning $ config-encoding"));
  }
  // U+1F600 as a pair of surrogates; alone neither half is text.
  EXPECT_EQ(parse(std::string("\xff\xfe\"\0\x3d\xd8\x00\xde\"\0", 10)).document->root.text,
            "\xf0\x9f\x98\x80");
  EXPECT_FALSE(parse(std::string("\xff\xfe\"\0\x3d\xd8\"\0", 8)).document);
  EXPECT_FALSE(parse(std::string("\xff\xfe\"\0\x00\xde\"\0", 8)).document);
}

TEST(Document, ReadsUtf16WithoutAMark) {
  for (const bool little : {true, false}) {
    std::string text;
    for (const char c : std::string_view("{\n \"a\": 1}"))
      text += little ? std::string{c, '\0'} : std::string{'\0', c};
    std::vector<Finding> findings;
    const auto document = parse_document(text, findings);
    ASSERT_TRUE(document);
    EXPECT_EQ(member(document->root, "a")->text, "1");
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].rule, "config-encoding");
  }
}

TEST(Document, KnowsMessagesOfTheCliInFrontOfItsOutput) {
  for (const char* text : {"WARNING: The behavior of this command has been altered.\n{}",
                           "ERROR: (ResourceNotFound) The Resource was not found.\n"}) {
    std::vector<Finding> findings;
    EXPECT_FALSE(parse_document(text, findings));
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].rule, "config-foreign");
    EXPECT_NE(findings[0].message.find("2>&1"), std::string::npos) << findings[0].message;
  }
}

TEST(Document, ReadsAStreamOfManifestsWithItsLines) {
  const Outcome out = parse("---\napiVersion: v1\nkind: A\n---\n# nothing\n---\na: 1\n...\n");
  ASSERT_TRUE(out.document);
  EXPECT_TRUE(out.document->stream);
  ASSERT_EQ(out.document->root.items.size(), 2U);
  EXPECT_EQ(member(out.document->root.items[1], "a")->line, 7);
  EXPECT_FALSE(parse("a: 1\n---\nb: 2\n").document) << "two configurations are one too many";
  EXPECT_FALSE(parse("---\na: 1\n").document->stream);
}

TEST(Document, KnowsTypesAsJsonAndYamlDo) {
  const Outcome out = parse("[\"1\", 1, 1.5, -2e3, true, null, {}, []]");
  const char* expected[] = {"a string",      "a number", "a number",  "a number",
                            "true or false", "null",     "an object", "an array"};
  for (size_t i = 0; i < 8; ++i) EXPECT_EQ(type_of(out.document->root.items[i]), expected[i]) << i;

  const Outcome yaml =
      parse("a: [text, '1', 1, 10.0, 10.0.0.1, 10.0.0.0/8, true, ~, http://p:1, '']");
  const char* plain[] = {"a string", "a string",      "a number", "a number", "a string",
                         "a string", "true or false", "null",     "a string", "a string"};
  for (size_t i = 0; i < 10; ++i)
    EXPECT_EQ(type_of(yaml.document->root.items[0].items[i]), plain[i]) << i;
}

TEST(Document, WritesPathsThatStayOneLine) {
  EXPECT_EQ(path_to("$", "noProxy"), "$.noProxy");
  EXPECT_EQ(path_to("$.noProxy", 3), "$.noProxy[3]");
  EXPECT_EQ(path_to("$", "a\nb"), "$[\"a\\x0ab\"]");
  EXPECT_EQ(path_to("$", ""), "$[\"\"]");
}

TEST(Document, GivesPlacesToFindingsWithoutOne) {
  std::vector<Finding> findings = {{Severity::kNote, "a", "$", "m"},
                                   {Severity::kNote, "b", "$", "m", "", 9, 9},
                                   {Severity::kNote, "c", "$", "m"}};
  config::Node node;
  node.line = 4;
  node.column = 2;
  place(findings, 1, node);
  EXPECT_EQ(findings[0].line, 0);
  EXPECT_EQ(findings[1].line, 9);
  EXPECT_EQ(findings[2].line, 4);
}

}  // namespace
}  // namespace aks
