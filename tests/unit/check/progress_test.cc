#include "check/progress.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace check {
namespace {

using namespace std::chrono_literals;

TEST(Progress, RewritesOneLineOnATerminal) {
  Progress progress(Terminal::kYes, 34);
  EXPECT_EQ(progress.advance(Verdict::kPass, 90ms), "\r\x1b[K1/34 probes, 0 failed, 90 ms");
  EXPECT_EQ(progress.advance(Verdict::kFail, 3140ms), "\r\x1b[K2/34 probes, 1 failed, 3.1 s");
  EXPECT_EQ(progress.finish(), "\r\x1b[K");
}

TEST(Progress, WritesALineForEachTenthElsewhere) {
  Progress progress(Terminal::kNo, 40);
  std::string log;
  for (int i = 0; i < 40; ++i) log += progress.advance(Verdict::kPass, 1s);
  log += progress.finish();
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 10);
  EXPECT_TRUE(log.starts_with("4/40 probes, 0 failed, 1.0 s\n"));
  EXPECT_TRUE(log.ends_with("40/40 probes, 0 failed, 1.0 s\n"));
}

TEST(Progress, WritesEveryLineWhenThereAreFewerThanTen) {
  Progress progress(Terminal::kNo, 2);
  EXPECT_EQ(progress.advance(Verdict::kPass, 1s), "1/2 probes, 0 failed, 1.0 s\n");
  EXPECT_EQ(progress.advance(Verdict::kPass, 1s), "2/2 probes, 0 failed, 1.0 s\n");
}

}  // namespace
}  // namespace check
