#include "config/json_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace config {
namespace {

using testing::HasSubstr;

// The tree with places, for example `{1:1 "a"=1:7 plain 1}`.
std::string shape(const Node& node) {
  const std::string at = std::to_string(node.line) + ":" + std::to_string(node.column) + " ";
  switch (node.kind) {
    case Node::Kind::kNull: return at + "null";
    case Node::Kind::kScalar:
      return at + (node.style == Node::Style::kQuoted ? "quoted " : "plain ") + node.text;
    case Node::Kind::kList:
    case Node::Kind::kMap: break;
  }
  std::string out = at + (node.kind == Node::Kind::kMap ? "{" : "[");
  for (size_t i = 0; i < node.items.size(); ++i) {
    if (i > 0) out += ", ";
    if (node.kind == Node::Kind::kMap) out += node.keys[i].text + "=";
    out += shape(node.items[i]);
  }
  return out + (node.kind == Node::Kind::kMap ? "}" : "]");
}

std::string read(std::string_view text) {
  const auto parsed = parse_json(text);
  if (const auto* error = std::get_if<SyntaxError>(&parsed)) {
    return "error " + std::to_string(error->line) + ":" + std::to_string(error->column) + " " +
           error->message;
  }
  return shape(std::get<JsonText>(parsed).root);
}

std::vector<Oddity> oddities(std::string_view text) {
  const auto parsed = parse_json(text);
  EXPECT_TRUE(std::holds_alternative<JsonText>(parsed)) << text;
  return std::holds_alternative<JsonText>(parsed) ? std::get<JsonText>(parsed).oddities
                                                  : std::vector<Oddity>{};
}

TEST(JsonText, GivesEveryValueItsPlace) {
  EXPECT_EQ(read("{\n  \"a\": [1, \"x\",\n true],\n\t\"b\": null}"),
            "1:1 {a=2:8 [2:9 plain 1, 2:12 quoted x, 3:2 plain true], b=4:7 null}");
}

TEST(JsonText, KeepsOrderAndDuplicatesOfMembers) {
  EXPECT_EQ(read(R"({"b":1,"a":2,"b":3})"), "1:1 {b=1:6 plain 1, a=1:12 plain 2, b=1:18 plain 3}");
}

TEST(JsonText, ReadsEscapes) {
  EXPECT_EQ(read(R"("\"\\\/\b\f\n\r\t\u0041\u00fc\u20ac\ud83d\ude00")"),
            "1:1 quoted \"\\/\b\f\n\r\tA\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80");
  for (const char* text :
       {R"("\x")", R"("\u12")", R"("\ud83d")", R"("\ude00")", R"("\ud83d\u0041")", "\"\\"}) {
    EXPECT_THAT(read(text), HasSubstr("error")) << text;
  }
}

TEST(JsonText, ReadsNumbersAsTheyAreWritten) {
  for (const char* text : {"0", "-1", "10.50", "1e3", "1E+3", "-0.0e-9"}) {
    EXPECT_EQ(read(text), "1:1 plain " + std::string(text));
  }
  for (const char* text : {"01", "-", "1.", ".5", "1e", "+1", "0x1", "NaN", "Infinity", "1e+"}) {
    EXPECT_THAT(read(text), HasSubstr("error 1:1")) << text;
  }
}

TEST(JsonText, StepsOverOdditiesAndSaysWhere) {
  const auto found = oddities("{ // one\n \"a\": [1, /* two\n */ 2 ,\n ],\n \"b\": \"x\ny\t\" , }");
  ASSERT_EQ(found.size(), 5U);
  const std::tuple<Oddity::Kind, int, int> expected[] = {
      {Oddity::Kind::kComment, 1, 3},       {Oddity::Kind::kComment, 2, 11},
      {Oddity::Kind::kTrailingComma, 3, 7}, {Oddity::Kind::kControl, 5, 9},
      {Oddity::Kind::kTrailingComma, 6, 5},
  };
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(std::make_tuple(found[i].kind, found[i].line, found[i].column), expected[i]) << i;
  }
}

TEST(JsonText, SaysWhatIsWrongAndWhere) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "error 1:1 the text ends where a value"},
      {"{\"a\": }", "error 1:7 expected a value"},
      {"{\"a\" 1}", "error 1:6 expected a colon"},
      {"{a: 1}", "error 1:2 expected a key in double quotes"},
      {"{'a': 1}", "error 1:2 expected a key in double quotes"},
      {"['a']", "error 1:2 a string stands in single quotes"},
      {"[1 2]", "error 1:4 expected a comma"},
      {"[1,,2]", "error 1:4 expected a value"},
      {"[,]", "error 1:2 expected a value"},
      {"[1", "error 1:3 the text ends inside"},
      {"\"a", "error 1:3 the text ends inside a string"},
      {"1 2", "error 1:3 something follows"},
      {"/* x", "error 1:1 a comment is not closed"},
      {"[1}", "error 1:3 expected a comma or ']'"},
  };
  for (const auto& [text, message] : cases) EXPECT_THAT(read(text), HasSubstr(message)) << text;
}

TEST(JsonText, HoldsItsBounds) {
  EXPECT_THAT(read(std::string(kMaxFileBytes + 1, ' ')), HasSubstr("longer than 1 MiB"));
  EXPECT_THAT(read(std::string(20'000, '[')), HasSubstr("nested more than 64"));
  EXPECT_EQ(read(std::string(64, '[') + std::string(64, ']')).find("error"), std::string::npos);
  std::string many = "[0";
  for (size_t i = 0; i < kMaxNodes; ++i) many += ",0";
  EXPECT_THAT(read(many + "]"), HasSubstr("more than 200000 values"));
}

}  // namespace
}  // namespace config
