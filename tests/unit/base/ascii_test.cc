#include "base/ascii.h"

#include <gtest/gtest.h>

#include <vector>

namespace base {
namespace {

TEST(Ascii, LowersAndComparesLettersOnly) {
  EXPECT_EQ(lower("HoSt-[@`{\xc9"), "host-[@`{\xc9");
  EXPECT_TRUE(iequals("Content-Length", "content-LENGTH"));
  EXPECT_FALSE(iequals("host", "hosts"));
  EXPECT_FALSE(iequals("[", "{"));
}

TEST(Ascii, TrimsSpaceAndTabAtBothEnds) {
  EXPECT_EQ(trim_ows(" \t a b \t"), "a b");
  EXPECT_EQ(trim_ows("\va\n"), "\va\n");
  EXPECT_EQ(trim_ows(" \t "), "");
}

TEST(Ascii, SplitsListsKeepingEmptyElements) {
  const auto elements = [](std::string_view list) {
    std::vector<std::string_view> found;
    for_each_element(list, [&](std::string_view element) { found.push_back(element); });
    return found;
  };
  EXPECT_EQ(elements(" a ,b,\t,"), (std::vector<std::string_view>{"a", "b", "", ""}));
  EXPECT_EQ(elements(""), (std::vector<std::string_view>{""}));
}

}  // namespace
}  // namespace base
