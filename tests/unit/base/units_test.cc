#include "base/units.h"

#include <gtest/gtest.h>

namespace base {
namespace {

using namespace std::chrono_literals;

TEST(Duration, ParsesWholeNumbersWithAUnit) {
  EXPECT_EQ(parse_duration("0ms"), 0ms);
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("2m"), 2min);
  EXPECT_EQ(parse_duration("1h"), 1h);
  EXPECT_EQ(parse_duration("3650d"), 24h * 3650);
  for (const std::string_view bad : {"", "5", "s", "-5s", "+5s", "5 s", "1.5s", "5S", "5x", "3651d",
                                     "99999999999999999999s", "5ss"}) {
    EXPECT_EQ(parse_duration(bad), std::nullopt) << bad;
  }
}

TEST(Duration, IsWrittenInTheLargestExactUnit) {
  EXPECT_EQ(format_duration(90s), "90s");
  EXPECT_EQ(format_duration(120s), "2m");
  EXPECT_EQ(format_duration(48h), "2d");
  EXPECT_EQ(format_duration(1500ms), "1500ms");
  EXPECT_EQ(parse_duration(format_duration(0ms)), 0ms);
}

TEST(Size, ParsesBytesAndBinaryUnits) {
  EXPECT_EQ(parse_size("0"), 0U);
  EXPECT_EQ(parse_size("4096"), 4096U);
  EXPECT_EQ(parse_size("1B"), 1U);
  EXPECT_EQ(parse_size("64KiB"), 65536U);
  EXPECT_EQ(parse_size("2MiB"), 2097152U);
  EXPECT_EQ(parse_size("1GiB"), 1073741824U);
  EXPECT_EQ(parse_size("4611686018427387904"), 1ULL << 62);
  for (const std::string_view bad :
       {"", "KiB", "-1", "1KB", "1kib", "1 KiB", "4611686018427387905", "9999999999999GiB"}) {
    EXPECT_EQ(parse_size(bad), std::nullopt) << bad;
  }
}

TEST(Size, IsWrittenInTheLargestExactUnit) {
  EXPECT_EQ(format_size(65536), "64KiB");
  EXPECT_EQ(format_size(65537), "65537B");
  EXPECT_EQ(parse_size(format_size(0)), 0U);
}

}  // namespace
}  // namespace base
