#include "http/path.h"

#include <gtest/gtest.h>

#include <string>

namespace http {
namespace {

std::string canonical(std::string_view text) { return canonical_path(text).value_or("-"); }

TEST(Path, IsCanonical) {
  struct Row {
    const char* text;
    const char* result;
  };
  const Row rows[] = {
      {"/", "/"},
      {"/a/b", "/a/b"},
      {"/a/b/", "/a/b/"},
      {"/a?b=/../c", "/a"},
      {"/a/./b/.", "/a/b/"},
      {"/a/../b", "/b"},
      {"/a/..", "/"},
      {"/a/b/..", "/a/"},
      {"/a/%2e%2E/b", "/b"},
      {"/%73ecret", "/secret"},
      {"/a%c3%a9", "/a%C3%A9"},
      {"/a%3Fb", "/a%3Fb"},
      {"/a;v=1/b", "/a;v=1/b"},
  };
  for (const Row& row : rows) EXPECT_EQ(canonical(row.text), row.result) << row.text;
}

TEST(Path, HasNoFormWhereOriginsDisagree) {
  for (const char* text :
       {"", "*", "a", "/a%2fb", "/a%5Cb", "/a\\b", "/a%00", "/a%0a", "/a%", "/a%4", "/a%zz", "//a",
        "/a//b", "/..", "/a/../..", "/%2e%2e/a", "/a%7f"}) {
    EXPECT_FALSE(canonical_path(text)) << text;
  }
}

TEST(Path, CanonicalFormsAreFixedPoints) {
  for (const char* text : {"/", "/a/%2e./b", "/x%7Ey/./z/", "/%C3%a9/../b"}) {
    const auto once = canonical_path(text);
    ASSERT_TRUE(once);
    EXPECT_EQ(canonical_path(*once), once);
  }
}

TEST(Path, IsBelowAPrefixAtItsSegmentsOnly) {
  EXPECT_TRUE(is_at_or_below("/api", "/api"));
  EXPECT_TRUE(is_at_or_below("/api/v1", "/api"));
  EXPECT_TRUE(is_at_or_below("/api/v1", "/api/"));
  EXPECT_TRUE(is_at_or_below("/anything", "/"));
  EXPECT_FALSE(is_at_or_below("/apiary", "/api"));
  EXPECT_FALSE(is_at_or_below("/api", "/api/"));
}

}  // namespace
}  // namespace http
