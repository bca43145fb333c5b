#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace base {
namespace {

Result<std::unique_ptr<int>> half_of(int number) {
  if (number % 2 != 0) return fail(ErrorCode::kBadRequest, Party::kClient, "odd", 22);
  return std::make_unique<int>(number / 2);
}

TEST(Result, HoldsAValueThatCanBeMovedOut) {
  auto result = half_of(8);
  ASSERT_TRUE(result);
  EXPECT_EQ(**result, 4);
  const std::unique_ptr<int> taken = *std::move(result);
  EXPECT_EQ(*taken, 4);
}

TEST(Result, HoldsAnErrorThatCanBePassedOn) {
  auto result = half_of(7);
  ASSERT_FALSE(result);
  EXPECT_FALSE(result.has_value());
  const Result<std::string> passed = fail(std::move(result).error());
  EXPECT_EQ(passed.error().code, ErrorCode::kBadRequest);
  EXPECT_EQ(passed.error().party, Party::kClient);
  EXPECT_EQ(passed.error().cause, 22);
  EXPECT_EQ(passed.error().detail, "odd");
}

TEST(Result, OfVoidIsGoodUnlessFailed) {
  const Result<void> good;
  EXPECT_TRUE(good);
  const Result<void> bad = fail(ErrorCode::kIo, Party::kProxy, "disk");
  EXPECT_FALSE(bad);
  EXPECT_EQ(bad.error().detail, "disk");
}

TEST(Result, OfAnErrorLikeValueStaysAValue) {
  const Result<Error> result = Error{ErrorCode::kIo, Party::kProxy, 0, "a value"};
  ASSERT_TRUE(result);
  EXPECT_EQ(result->detail, "a value");
}

}  // namespace
}  // namespace base
