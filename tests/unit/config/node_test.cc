#include "config/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace config {
namespace {

using testing::HasSubstr;

std::string failure_of(const std::string& text) {
  const auto parsed = parse_yaml(text);
  const auto* failure = std::get_if<SyntaxError>(&parsed);
  return failure == nullptr ? "" : std::to_string(failure->line) + ": " + failure->message;
}

std::string repeat(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST(ParseYaml, KeepsTextAsItIsWritten) {
  const auto parsed = parse_yaml("a: 0x10\nb: \"off\"\nc: 1e3\nd:\n");
  ASSERT_TRUE(std::holds_alternative<Node>(parsed));
  const Node& root = std::get<Node>(parsed);
  ASSERT_EQ(root.items.size(), 4U);
  EXPECT_EQ(root.items[0].text, "0x10");
  EXPECT_EQ(root.items[1].text, "off");
  EXPECT_EQ(root.items[2].text, "1e3");
  EXPECT_EQ(root.items[3].kind, Node::Kind::kNull);
  EXPECT_EQ(root.keys[2].line, 3);
}

TEST(ParseYaml, ReplacesAliasesByCopies) {
  const auto parsed = parse_yaml("a: &x [1, 2]\nb: *x\n");
  ASSERT_TRUE(std::holds_alternative<Node>(parsed));
  EXPECT_EQ(std::get<Node>(parsed).items[1].items.size(), 2U);
}

TEST(ParseYaml, SaysWhereSyntaxIsWrong) {
  EXPECT_THAT(failure_of("a: 1\nb: [2\n"), HasSubstr("2: not valid YAML"));
  for (const char* text : {"a: 'x", "a: 'x\n", "a: \"x\nb: 1\n \n", "a: ['x\n"}) {
    EXPECT_THAT(failure_of(text), HasSubstr("not valid YAML")) << text;
  }
}

TEST(ParseYaml, HintsAtQuotesForPatterns) {
  EXPECT_THAT(failure_of("hosts:\n  - *.example.com\n"),
              HasSubstr("needs quotes, as in \"*.example.com\""));
}

TEST(ParseYaml, RefusesWhatAConfigurationNeverNeeds) {
  EXPECT_THAT(failure_of("a: 1\n---\nb: 2\n"), HasSubstr("2: a second YAML document"));
  EXPECT_THAT(failure_of("a: !include x\n"), HasSubstr("1: YAML tags"));
  EXPECT_THAT(failure_of("[a]: 1\n"), HasSubstr("where a key is expected"));
  EXPECT_THAT(failure_of("{ : 1}\n"), HasSubstr("a key is missing"));
  EXPECT_THAT(failure_of("a: &x [*x]\n"), HasSubstr("inside the value that it names"));
}

TEST(ParseYaml, RefusesBombs) {
  EXPECT_THAT(failure_of(std::string(kMaxFileBytes + 1, '#')), HasSubstr("longer than 1 MiB"));
  EXPECT_THAT(failure_of(repeat("[", 17) + repeat("]", 17)), HasSubstr("16 levels deep"));
  EXPECT_NE(failure_of(repeat("[", 100'000)), "");
  EXPECT_NE(failure_of(repeat("{a: ", 100'000)), "");
  EXPECT_THAT(failure_of("a: &x 1\nb: [" + repeat("*x, ", 101) + "]"), HasSubstr("100 aliases"));
  EXPECT_THAT(failure_of("[" + repeat("1,", 300'000) + "]"), HasSubstr("200000 values"));
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string below = "*a" + std::to_string(i - 1) + ", ";
    laughs +=
        "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + repeat(below, 10) + "]\n";
  }
  EXPECT_THAT(failure_of(laughs), HasSubstr("200000 values"));
}

TEST(ParseYaml, SurvivesEveryPrefixOfAFile) {
  const std::string text = "a: &x [1, {b: 'c'}]\nd: |\n  e\n? f\n: *x\n- g\n";
  for (size_t i = 0; i <= text.size(); ++i) (void)parse_yaml(text.substr(0, i));
}

}  // namespace
}  // namespace config
