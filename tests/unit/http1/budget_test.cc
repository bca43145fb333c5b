#include "http1/budget.h"

#include <gtest/gtest.h>

namespace http1 {
namespace {

const base::IpAddress kOne = base::IpAddress::parse("192.0.2.1").value();
const base::IpAddress kTwo = base::IpAddress::parse("192.0.2.2").value();
const base::IpAddress kThree = base::IpAddress::parse("192.0.2.3").value();

TEST(Budget, GivesNoClientMoreThanItLeavesToOthers) {
  Budget budget(80);
  EXPECT_TRUE(budget.take(kOne, 40));
  EXPECT_FALSE(budget.take(kOne, 1));
  EXPECT_TRUE(budget.take(kTwo, 20));
  EXPECT_FALSE(budget.take(kTwo, 1));
  EXPECT_TRUE(budget.take(kThree, 10));
  EXPECT_FALSE(budget.take(kThree, 1));
  EXPECT_EQ(budget.held(), 70U);
}

TEST(Budget, TakesBackWhatItGave) {
  Budget budget(80);
  EXPECT_TRUE(budget.take(kOne, 30));
  EXPECT_TRUE(budget.take(kOne, 10));
  budget.give(kOne, 40);
  EXPECT_EQ(budget.held(), 0U);
  EXPECT_TRUE(budget.take(kTwo, 40));
  budget.give(kOne, 0);
  EXPECT_TRUE(budget.take(kOne, 0));
}

}  // namespace
}  // namespace http1
