#include "base/escape.h"

#include <gtest/gtest.h>

namespace base {
namespace {

std::string json(std::string_view text, size_t max_octets = 1024) {
  std::string out;
  append_json_string(out, text, max_octets);
  return out;
}

TEST(JsonString, IsOneLineOfPlainAscii) {
  EXPECT_EQ(json(""), "\"\"");
  EXPECT_EQ(json("a \"b\" \\"), R"("a \"b\" \\")");
  EXPECT_EQ(json("\r\n\t\x1b\x7f"), R"("\u000d\u000a\u0009\u001b\u007f")");
  EXPECT_EQ(json(std::string_view("\0", 1)), R"("\u0000")");
  EXPECT_EQ(json("\xc3\xa9"), R"("\u00c3\u00a9")");
  EXPECT_EQ(json("\"ab\ncd\\\\ef"), R"("\"ab\u000acd\\\\ef")");
}

TEST(JsonString, IsCutWithAnEllipsis) {
  EXPECT_EQ(json("abcd", 4), "\"abcd\"");
  EXPECT_EQ(json("abcde", 4), R"("abcd\u2026")");
}

TEST(JsonString, AppendsToWhatIsThere) {
  std::string out = "x";
  append_json_string(out, "y");
  EXPECT_EQ(out, "x\"y\"");
}

TEST(Printable, EscapesWhatATerminalOrALogCouldTakeForMore) {
  EXPECT_EQ(printable("a.test:443 ok"), "a.test:443 ok");
  EXPECT_EQ(printable("\x1b[2J\r\n"), "\\x1b[2J\\x0d\\x0a");
  EXPECT_EQ(printable("\\x0a"), "\\x5cx0a");
  EXPECT_EQ(printable("\xff\x7f"), "\\xff\\x7f");
}

TEST(Printable, EscapesSpacesWhereTheySeparate) {
  EXPECT_EQ(printable("a b", Spaces::kEscape), "a\\x20b");
}

TEST(Printable, IsCut) {
  EXPECT_EQ(printable("abcde", Spaces::kKeep, 4), "abcd...");
  EXPECT_EQ(printable("abcd", Spaces::kKeep, 4), "abcd");
}

}  // namespace
}  // namespace base
