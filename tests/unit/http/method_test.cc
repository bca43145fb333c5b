#include "http/method.h"

#include <gtest/gtest.h>

#include <string>

namespace http {
namespace {

TEST(Method, IsAnyTokenOf64Octets) {
  for (const std::string method :
       {"GET", "QUERY", "VERSION-CONTROL", "BREW", "purge", "M-SEARCH"}) {
    EXPECT_TRUE(judge_method(method)) << method;
  }
  EXPECT_TRUE(judge_method(std::string(64, 'M')));
  EXPECT_FALSE(judge_method(std::string(65, 'M')));
  EXPECT_FALSE(judge_method(""));
  EXPECT_FALSE(judge_method("G T"));
  EXPECT_FALSE(judge_method("G(T"));
}

TEST(Method, IsNeitherReservedNorARegisteredOneInOtherLetters) {
  for (const char* method : {"PRI", "*", "post", "Post", "pOST", "connect", "version-control"}) {
    const auto judged = judge_method(method);
    ASSERT_FALSE(judged) << method;
    EXPECT_EQ(judged.error().code, base::ErrorCode::kMethodUnsupported);
  }
}

TEST(Method, MayBeRepeatedWhereTheRegistrySaysSo) {
  for (const char* method : {"GET", "PUT", "PROPFIND", "QUERY"}) EXPECT_TRUE(is_idempotent(method));
  for (const char* method : {"POST", "PATCH", "LOCK", "CONNECT", "BREW", "get"}) {
    EXPECT_FALSE(is_idempotent(method)) << method;
  }
}

}  // namespace
}  // namespace http
