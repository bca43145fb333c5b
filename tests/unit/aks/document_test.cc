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
using ::testing::IsEmpty;

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
      {std::string("\xff\xfe{\0", 4), "UTF-16"},
      {std::string(kMaxConfigBytes + 1, ' '), "1 MiB"},
  };
  for (const auto& [text, words] : cases) {
    const Outcome out = parse(text);
    EXPECT_FALSE(out.document) << words;
    ASSERT_EQ(out.findings.size(), 1U) << words;
    EXPECT_TRUE(has_errors(out.findings));
    EXPECT_THAT(messages(out.findings), HasSubstr(words));
  }
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
