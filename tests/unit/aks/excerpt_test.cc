#include "aks/excerpt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aks {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Excerpt, ShowsTheTokenUnderTheCaret) {
  const Excerpt shown = excerpt("{\n  \"a\": \"b c\", \"d\": 12}\r\n", 2, 8);
  EXPECT_EQ(shown.text, "  \"a\": \"b c\", \"d\": 12}");
  EXPECT_EQ(shown.caret, "       ^~~~~");
  EXPECT_EQ(excerpt("{\n  \"a\": \"b c\", \"d\": 12}", 2, 20).caret, std::string(19, ' ') + "^~");
  EXPECT_EQ(excerpt("key: http://p:1", 1, 6).caret, "     ^~~~~~~~~~");
  EXPECT_EQ(excerpt("key: x", 1, 1).caret, "^~~");
  EXPECT_EQ(excerpt("[1]", 1, 1).caret, "^");
}

TEST(Excerpt, IsEmptyWhereThereIsNothing) {
  EXPECT_EQ(excerpt("a", 0, 0).text, "");
  EXPECT_EQ(excerpt("a", 2, 1).text, "");
  EXPECT_EQ(excerpt("a", 1, 9).text, "");
  EXPECT_EQ(excerpt("", 1, 1).text, "");
}

TEST(Excerpt, CutsLongLinesAroundTheColumn) {
  const std::string line = std::string(200, ' ') + "\"here\"" + std::string(200, ' ') + "x";
  const Excerpt shown = excerpt(line, 1, 201);
  EXPECT_LT(shown.text.size(), 110U);
  EXPECT_EQ(shown.text.substr(shown.caret.find('^'), 6), "\"here\"");
}

TEST(Excerpt, LooksNoFurtherThanNeededOnALongLine) {
  const std::string line = std::string(1'000'000, ' ') + "\"here\"" + std::string(1'000'000, 'x');
  const Excerpt shown = excerpt(line, 1, 1'000'001);
  EXPECT_EQ(shown.text.substr(shown.caret.find('^'), 6), "\"here\"");
}

TEST(Excerpt, IsPrintableWhateverTheLineHolds) {
  std::string line = "\"a\x1b[2J\t\xc3\xbc\x7f\"";
  for (const char c : excerpt(line, 1, 1).text) {
    EXPECT_TRUE(c >= 0x20 && c < 0x7f);
  }
}

TEST(Excerpt, HidesPasswords) {
  for (const char* line : {
           R"("httpProxy": "http://jane:s3cret@p.example:3128")",
           R"({"a":"http://x@y","httpProxy":"http://jane:s3cr@et/s3cret@p.example","b":1})",
           R"("httpProxy": "jane:s3cret@p.example")",
           R"("httpProxy": "http://jane:s3\"cr\\ets3cret@p.example")",
           R"("httpProxy": "http:\/\/jane:s3cret@p.example")",
           R"("httpProxy": "http://jane:s3cret\u0040p.example")",
           "httpProxy: http://jane:s3cret@p.example",
           "httpProxy: 'http://jane:s3cret@p.example'",
       }) {
    EXPECT_THAT(without_secrets(line), Not(HasSubstr("s3cret"))) << line;
    EXPECT_EQ(without_secrets(line).size(), std::string(line).size()) << line;
  }
  EXPECT_EQ(without_secrets(R"("a": "http://p.example:3128")"), R"("a": "http://p.example:3128")");
}

TEST(Excerpt, HidesLongBase64) {
  const std::string key(64, 'K');
  EXPECT_THAT(without_secrets(key), Not(HasSubstr("KKKKKKKKK")));
  EXPECT_THAT(without_secrets("\"trustedCa\": \"" + key + "\""),
              HasSubstr("\"trustedCa\": \"KKKK"));
}

}  // namespace
}  // namespace aks
