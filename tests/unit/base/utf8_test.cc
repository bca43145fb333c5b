#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace base {
namespace {

TEST(Utf8, ReadsCharactersOfEachLength) {
  struct Row {
    std::string_view text;
    char32_t code;
    size_t octets;
  };
  const Row rows[] = {{"a", U'a', 1},
                      {"\xc2\x80", 0x80, 2},
                      {"\xdf\xbf", 0x7ff, 2},
                      {"\xe0\xa0\x80", 0x800, 3},
                      {"\xef\xbf\xbf", 0xffff, 3},
                      {"\xf0\x90\x80\x80", 0x10000, 4},
                      {"\xf4\x8f\xbf\xbf", 0x10ffff, 4}};
  for (const Row& row : rows) {
    const auto found = first_character(std::string(row.text) + "z");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->code, row.code);
    EXPECT_EQ(found->octets, row.octets);
    for (size_t cut = 1; cut < row.octets; ++cut) {
      EXPECT_FALSE(first_character(row.text.substr(0, cut)));
    }
  }
}

TEST(Utf8, RefusesWhatIsNone) {
  for (const std::string_view text :
       {"", "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc3z", "\xe2\x80z"}) {
    EXPECT_FALSE(first_character(text)) << testing::PrintToString(text);
  }
}

TEST(Utf8, IsCutBetweenCharacters) {
  EXPECT_EQ(cut_at_character("a§b", 1), "a");
  EXPECT_EQ(cut_at_character("a§b", 2), "a");
  EXPECT_EQ(cut_at_character("a§b", 3), "a§");
  EXPECT_EQ(cut_at_character("a§b", 4), "a§b");
  EXPECT_EQ(cut_at_character("🙂", 3), "");
  EXPECT_EQ(cut_at_character("\x80\x80\x80\x80\x80", 3).size(), 3U);
}

}  // namespace
}  // namespace base
