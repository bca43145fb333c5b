#include "http/strictness.h"

#include <gtest/gtest.h>

namespace http {
namespace {

TEST(Strictness, IsInForceInTheParserLinked) {
  const auto strict = check_parser_strictness();
  EXPECT_TRUE(strict) << strict.error().detail;
}

}  // namespace
}  // namespace http
