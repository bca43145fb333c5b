#include "base/error.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <string>

namespace base {
namespace {

constexpr int kCodes = static_cast<int>(ErrorCode::kCancelled) + 1;

TEST(ErrorCode, HasATokenOfItsOwnThatFitsALabel) {
  std::set<std::string_view> seen;
  for (int i = 0; i < kCodes; ++i) {
    const std::string_view token = token_of(static_cast<ErrorCode>(i));
    EXPECT_TRUE(seen.insert(token).second) << token;
    EXPECT_TRUE(std::all_of(token.begin(), token.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    })) << token;
  }
}

TEST(ErrorCode, HasAnErrorStatusOrNone) {
  for (int i = 0; i < kCodes; ++i) {
    const int status = status_of(static_cast<ErrorCode>(i));
    EXPECT_TRUE(status == 0 || (status >= 400 && status <= 599)) << i;
  }
  EXPECT_EQ(status_of(ErrorCode::kClientClosed), 0);
  EXPECT_EQ(status_of(ErrorCode::kDnsTimeout), 504);
  EXPECT_EQ(status_of(ErrorCode::kDenied), 403);
}

TEST(Party, HasAToken) {
  EXPECT_EQ(token_of(Party::kClient), "client");
  EXPECT_EQ(token_of(Party::kOrigin), "origin");
  EXPECT_EQ(token_of(Party::kProxy), "proxy");
}

TEST(ErrnoName, IsSymbolicWhereThereIsAName) {
  EXPECT_EQ(errno_name(ECONNREFUSED), "ECONNREFUSED");
  EXPECT_EQ(errno_name(99999), "99999");
}

}  // namespace
}  // namespace base
