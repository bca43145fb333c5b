#include "base/rfc3339.h"

#include <gtest/gtest.h>

namespace base {
namespace {

std::string text_of(WallTime time) {
  std::string text;
  append_rfc3339(text, time);
  return text;
}

TEST(Rfc3339, WritesUtcWithMilliseconds) {
  EXPECT_EQ(text_of(WallTime()), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(text_of(WallTime(Millis(1'772'323'198'007))), "2026-02-28T23:59:58.007Z");
}

TEST(Rfc3339, ReadsWhatItWrites) {
  for (const std::int64_t ms : {0LL, 1LL, 951'782'399'999LL, 1'772'323'198'007LL}) {
    const WallTime time{Millis(ms)};
    EXPECT_EQ(parse_rfc3339(text_of(time)), time) << ms;
  }
}

TEST(Rfc3339, RefusesAllElse) {
  for (const char* text :
       {"", "2026-02-28", "2026-02-28T23:59:58Z", "2026-02-30T00:00:00.000Z",
        "2026-13-01T00:00:00.000Z", "2026-01-01T24:00:00.000Z", "2026-01-01T00:60:00.000Z",
        "2026-01-01T00:00:60.000Z", "2026-01-01 00:00:00.000Z", "2026-01-01T00:00:00.000z",
        "1969-12-31T23:59:59.000Z", "2262-01-01T00:00:00.000Z", "+026-01-01T00:00:00.000Z",
        "2026-01-01T00:00:00.000Z "}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace base
