#include "http1/guests.h"

#include <gtest/gtest.h>

#include <vector>

namespace http1 {
namespace {

base::IpAddress address(std::string_view text) { return base::IpAddress::parse(text).value(); }

const base::IpAddress kGreedy = address("192.0.2.1");
const base::IpAddress kPolite = address("192.0.2.2");
const base::IpAddress kThird = address("192.0.2.3");

using Guests = std::vector<Guest>;

TEST(Guests, OneOfTheClientThatHoldsTheMostMakesRoom) {
  const Guests guests = {{1, kPolite, Stage::kUnproven},
                         {2, kGreedy, Stage::kIdle},
                         {3, kGreedy, Stage::kUnproven},
                         {4, kGreedy, Stage::kUnproven}};
  EXPECT_EQ(who_leaves(guests, kThird), 3U);
  EXPECT_EQ(who_leaves(guests, kPolite), 3U);
  EXPECT_EQ(who_leaves(guests, kGreedy), 3U);
}

TEST(Guests, AClientThatIsAloneReplacesItsOldest) {
  const Guests guests = {{7, kGreedy, Stage::kIdle}, {8, kGreedy, Stage::kIdle}};
  EXPECT_EQ(who_leaves(guests, kGreedy), 7U);
}

TEST(Guests, WhoWasNeverServedGoesBeforeWhoWas) {
  const Guests guests = {{1, kPolite, Stage::kIdle}, {2, kThird, Stage::kUnproven}};
  EXPECT_EQ(who_leaves(guests, kGreedy), 2U);
}

TEST(Guests, RequestsUnderWayEndOnlyForAClientThatHoldsLess) {
  const Guests guests = {{1, kGreedy, Stage::kBusy}, {2, kGreedy, Stage::kBusy}};
  EXPECT_EQ(who_leaves(guests, kGreedy), std::nullopt);
  EXPECT_EQ(who_leaves(guests, kPolite), 1U);
  const Guests even = {{1, kGreedy, Stage::kBusy}, {2, kPolite, Stage::kBusy}};
  EXPECT_EQ(who_leaves(even, kThird), std::nullopt);
}

TEST(Guests, CountAMachineOnce) {
  EXPECT_EQ(party_of(address("::ffff:192.0.2.1")), kGreedy);
  EXPECT_EQ(party_of(address("2001:db8::1")), party_of(address("2001:db8::ffff:1:2:3")));
  EXPECT_NE(party_of(address("2001:db8::1")), party_of(address("2001:db8:0:1::1")));
}

}  // namespace
}  // namespace http1
