#include "proxy/pace.h"

#include <gtest/gtest.h>

namespace proxy {
namespace {

using namespace std::chrono_literals;

TEST(Pace, IsJudgedByWindowsOfWaiting) {
  Pace pace(1000, 10s);
  pace.waited(9s);
  EXPECT_FALSE(pace.is_too_slow()) << "not yet";
  pace.came(10'000);
  pace.waited(1s);
  EXPECT_FALSE(pace.is_too_slow());
  pace.came(9'999);
  pace.waited(10s);
  EXPECT_TRUE(pace.is_too_slow());
  EXPECT_FALSE(pace.is_too_slow()) << "another window";
}

TEST(Pace, OfNothingIsAnyPace) {
  Pace pace(0, 10s);
  pace.waited(1h);
  EXPECT_FALSE(pace.is_too_slow());
}

}  // namespace
}  // namespace proxy
