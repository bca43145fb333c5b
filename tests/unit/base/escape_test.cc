#include "base/escape.h"

#include <gtest/gtest.h>

namespace base {
namespace {

std::string json(std::string_view text, size_t max_octets = 1024) {
  std::string out;
  append_json_string(out, text, max_octets);
  return out;
}

TEST(JsonString, IsOneLine) {
  EXPECT_EQ(json(""), "\"\"");
  EXPECT_EQ(json("a \"b\" \\"), R"("a \"b\" \\")");
  EXPECT_EQ(json("\r\n\t\x1b\x7f"), R"("\u000d\u000a\u0009\u001b\u007f")");
  EXPECT_EQ(json(std::string_view("\0", 1)), R"("\u0000")");
  EXPECT_EQ(json("\"ab\ncd\\\\ef"), R"("\"ab\u000acd\\\\ef")");
}

TEST(JsonString, PassesUtf8) {
  EXPECT_EQ(json("RFC 9112 §9.6, Bücher, 日本, 🙂"),
            "\"RFC 9112 §9.6, Bücher, 日本, 🙂\"");
}

TEST(JsonString, EscapesCharactersThatDoNotShowAsThemselves) {
  EXPECT_EQ(json("\xc2\x9b"), R"("\u009b")");                // CSI, to a terminal
  EXPECT_EQ(json("\xe2\x80\xae"), R"("\u202e")");            // turns what follows round
  EXPECT_EQ(json("\xe2\x80\xa8"), R"("\u2028")");            // ends a line
  EXPECT_EQ(json("\xf3\xa0\x80\xa1"), R"("\udb40\udc21")");  // a tag
}

TEST(JsonString, SpellsOctetsThatAreNoUtf8) {
  EXPECT_EQ(json("\xff"), R"("\\xff")");
  EXPECT_EQ(json("\xc3"), R"("\\xc3")");
  EXPECT_EQ(json("\xc0\xaf"), R"("\\xc0\\xaf")");           // overlong
  EXPECT_EQ(json("\xed\xa0\x80"), R"("\\xed\\xa0\\x80")");  // a surrogate
  EXPECT_EQ(json("\xe9t\xe9"), R"("\\xe9t\\xe9")");         // Latin-1
}

TEST(JsonString, IsCutBetweenCharactersWithAnEllipsis) {
  EXPECT_EQ(json("abcd", 4), "\"abcd\"");
  EXPECT_EQ(json("abcde", 4), R"("abcd\u2026")");
  EXPECT_EQ(json("abc§", 4), R"("abc\u2026")");
  EXPECT_EQ(json("abc§", 5), "\"abc§\"");
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
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b");
  EXPECT_EQ(printable("a\xe2\x80\xae"), "a\\xe2\\x80\\xae");
}

TEST(Printable, PassesUtf8) { EXPECT_EQ(printable("§ ü"), "§ ü"); }

TEST(Printable, EscapesSpacesWhereTheySeparate) {
  EXPECT_EQ(printable("a b", Spaces::kEscape), "a\\x20b");
}

TEST(Printable, IsCutBetweenCharacters) {
  EXPECT_EQ(printable("abcde", Spaces::kKeep, 4), "abcd...");
  EXPECT_EQ(printable("abcd", Spaces::kKeep, 4), "abcd");
  EXPECT_EQ(printable("abc§", Spaces::kKeep, 4), "abc...");
}

TEST(OneLine, EscapesNothingTwice) {
  const std::string wire = "\x16\x03\\";
  const std::string sentence = "it begins \"" + printable(wire) + "\" (RFC 8446 §5.1)";
  EXPECT_EQ(one_line(sentence), "it begins \"\\x16\\x03\\x5c\" (RFC 8446 §5.1)");
  EXPECT_EQ(one_line("a\nb\x1b"), "a\\x0ab\\x1b");
}

}  // namespace
}  // namespace base
