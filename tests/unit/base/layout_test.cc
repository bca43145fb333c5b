#include "base/layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace base {
namespace {

using ::testing::ElementsAre;

TEST(Wrap, BreaksAtTheLastSpaceThatFits) {
  EXPECT_THAT(wrap("one two three", 8), ElementsAre("one two", "three"));
  EXPECT_THAT(wrap("one two", 7), ElementsAre("one two"));
  EXPECT_THAT(wrap("", 7), ElementsAre(""));
}

TEST(Wrap, CutsALongWordBehindACommaOrElseAnywhere) {
  EXPECT_THAT(wrap("a.b,c.d,efg", 6), ElementsAre("a.b,", "c.d,", "efg"));
  EXPECT_THAT(wrap("a.b,c.d,efg", 8), ElementsAre("a.b,c.d,", "efg"));
  EXPECT_THAT(wrap("abcdefgh", 3), ElementsAre("abc", "def", "gh"));
}

}  // namespace
}  // namespace base
