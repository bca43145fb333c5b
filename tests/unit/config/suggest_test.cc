#include "config/suggest.h"

#include <gtest/gtest.h>

namespace config {
namespace {

TEST(EditDistance, CountsInsertionsRemovalsReplacementsAndSwaps) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("idle", "idle"), 0U);
  EXPECT_EQ(edit_distance("idel", "idle"), 1U);
  EXPECT_EQ(edit_distance("idl", "idle"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Nearest, FindsTyposAndMisplacedKeys) {
  const std::vector<std::string> keys = {"workers", "timeouts", "timeouts.idle",
                                         "limits.head_bytes"};
  EXPECT_EQ(nearest("worker", keys), "workers");
  EXPECT_EQ(nearest("timeouts.idel", keys), "timeouts.idle");
  EXPECT_EQ(nearest("timeout.idle", keys), "timeouts.idle");
  EXPECT_EQ(nearest("idle", keys), "timeouts.idle");
  EXPECT_EQ(nearest("limits.head-bytes", keys), "limits.head_bytes");
}

TEST(Nearest, IsSilentWhenNothingIsNear) {
  const std::vector<std::string> keys = {"workers", "timeouts.idle"};
  EXPECT_EQ(nearest("certificate", keys), "");
  EXPECT_EQ(nearest(std::string(10'000, 'w'), keys), "");
  EXPECT_EQ(nearest("", {}), "");
}

}  // namespace
}  // namespace config
