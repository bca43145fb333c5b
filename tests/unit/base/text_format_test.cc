#include "base/text_format.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(TextFormat, WritesMicrosecondsAsExactSeconds) {
  EXPECT_EQ(TextFormat::seconds(0), "0");
  EXPECT_EQ(TextFormat::seconds(1), "0.000001");
  EXPECT_EQ(TextFormat::seconds(1'000), "0.001");
  EXPECT_EQ(TextFormat::seconds(1'500'000), "1.5");
  EXPECT_EQ(TextFormat::seconds(3'000'000), "3");
}

}  // namespace
}  // namespace base
