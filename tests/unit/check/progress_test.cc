#include "check/progress.h"

#include <gtest/gtest.h>

namespace check {
namespace {

using namespace std::chrono_literals;

TEST(Progress, RewritesOneLine) {
  Progress progress(34);
  EXPECT_EQ(progress.advance(Verdict::kPass, 90ms), "\r\x1b[K1/34 probes, 0 failed, 90 ms");
  EXPECT_EQ(progress.advance(Verdict::kFail, 3140ms), "\r\x1b[K2/34 probes, 1 failed, 3.1 s");
  EXPECT_EQ(progress.finish(), "\r\x1b[K");
}

}  // namespace
}  // namespace check
