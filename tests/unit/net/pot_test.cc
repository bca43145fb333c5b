#include "net/pot.h"

#include <gtest/gtest.h>

#include <vector>

namespace net {
namespace {

std::uint32_t take_all(Pot& pot, PotShare& share) {
  std::uint32_t taken = 0;
  while (pot.take(share)) ++taken;
  return taken;
}

TEST(Pot, LetsOneClientHaveNearlyAll) {
  Pot pot(4096);
  PotShare alone;
  EXPECT_EQ(take_all(pot, alone), 3584U);
}

TEST(Pot, GivesTwoThatWantAllAsMuch) {
  Pot pot(1500);
  PotShare first, second;
  for (int i = 0; i < 1500; ++i) {
    pot.take(first);
    pot.take(second);
  }
  EXPECT_EQ(first.places, 700U);
  EXPECT_EQ(second.places, 700U);
}

TEST(Pot, HasPlacesForANewcomerWhenOthersKeepAllTheyGet) {
  Pot pot(4096);
  std::vector<PotShare> greedy(3);
  for (PotShare& share : greedy) take_all(pot, share);
  EXPECT_EQ(pot.taken(), 4096U - 8U);
  PotShare polite;
  EXPECT_TRUE(pot.take(polite));
  EXPECT_TRUE(pot.take(polite));
}

TEST(Pot, LetsAClientGoOnOnceOthersGaveBack) {
  Pot pot(8);
  PotShare first, second;
  EXPECT_EQ(take_all(pot, first), 7U);
  EXPECT_TRUE(pot.take(second));
  EXPECT_EQ(pot.taken(), 8U);
  EXPECT_FALSE(pot.take(second));
  pot.give_back(first);
  EXPECT_TRUE(pot.take(second)) << "who has one goes before who has six";
  pot.give_back(first);
  EXPECT_TRUE(pot.take(first));
}

TEST(Pot, OfOnePlaceIsForWhoComesFirst) {
  Pot pot(1);
  PotShare first, second;
  EXPECT_TRUE(pot.take(first));
  EXPECT_FALSE(pot.take(second));
  pot.give_back(first);
  EXPECT_TRUE(pot.take(second));
}

TEST(Pot, WithoutPlacesGivesNone) {
  Pot pot(0);
  PotShare share;
  EXPECT_FALSE(pot.take(share));
}

}  // namespace
}  // namespace net
