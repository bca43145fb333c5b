#include "tls/leaf_cache.h"

#include <gtest/gtest.h>

#include "tests/unit/tls/support.h"

namespace {

using namespace std::chrono_literals;
using tls_test::must;

class LeafCacheTest : public testing::Test {
 protected:
  static constexpr base::WallTime kForever = base::WallTime::max();
  static constexpr size_t kCapacity = 8;

  static tls::PeerName name(const std::string& text) { return must(tls::PeerName::parse(text)); }
  std::shared_ptr<const tls::LeafIssuer> make_issuer() const {
    return must(tls::LeafIssuer::make(
        must(tls::Authority::create({"Inspection", now - 24h, now + 2400h})), 100h));
  }
  std::shared_ptr<const tls::Leaf> ask(const std::string& host, base::WallTime at,
                                       base::WallTime origin_not_after = kForever) {
    return must(cache.leaf_for(name(host), {.until = origin_not_after}, at));
  }
  std::shared_ptr<const tls::Leaf> ask(const std::string& host) { return ask(host, now); }

  base::WallTime now = std::chrono::floor<std::chrono::seconds>(base::wall_now());
  tls::LeafCache cache{make_issuer(), kCapacity};
};

TEST_F(LeafCacheTest, MintsOnceForEachName) {
  const auto first = ask("good.test");
  EXPECT_EQ(ask("good.test"), first);
  EXPECT_NE(ask("other.test"), first);
  EXPECT_EQ(cache.counts().minted, 2U);
  EXPECT_EQ(cache.counts().hits, 1U);
}

TEST_F(LeafCacheTest, MintsAnewInTheLastTenthOfALeafsTime) {
  const auto first = ask("good.test");
  EXPECT_EQ(ask("good.test", now + 90h - 1s), first);
  const auto second = ask("good.test", now + 90h);
  EXPECT_NE(second, first);
  EXPECT_EQ(second->not_after, now + 190h);
  EXPECT_EQ(cache.size(), 1U);
}

TEST_F(LeafCacheTest, MintsAnewWhenTheClockWentBackBeforeTheLeaf) {
  const auto first = ask("good.test");
  EXPECT_EQ(ask("good.test", now - 1h), first);
  EXPECT_NE(ask("good.test", now - 1h - 1s), first);
}

TEST_F(LeafCacheTest, ShowsNoLeafThatOutlastsTheOriginsCertificate) {
  const auto first = ask("good.test");
  const auto second = ask("good.test", now, now + 5h);
  EXPECT_NE(second, first);
  EXPECT_EQ(second->not_after, now + 5h);
  EXPECT_EQ(ask("good.test"), second) << "what is shorter serves as well";
}

TEST_F(LeafCacheTest, DoesNotMintAtEachRequestOfAnOriginThatEndsSoon) {
  ask("good.test", now, now + 10min);
  ask("good.test", now + 5min, now + 10min);
  EXPECT_EQ(cache.counts().minted, 1U);
}

TEST_F(LeafCacheTest, MakesAnotherWhenTheOriginsCertificateIsNewer) {
  const auto first = ask("good.test");
  const tls::Validity renewed{.from = now - 1min};
  const auto second = must(cache.leaf_for(name("good.test"), renewed, now));
  EXPECT_NE(first, second);
  EXPECT_EQ(second->not_before, now - 1min);
  // It serves the older one's connections as well.
  EXPECT_EQ(ask("good.test"), second);
  EXPECT_EQ(must(cache.leaf_for(name("good.test"), renewed, now)), second);
}

TEST_F(LeafCacheTest, KeepsNothingOfWhatFailed) {
  EXPECT_FALSE(cache.leaf_for(name("good.test"), {.until = now - 1h}, now));
  EXPECT_EQ(cache.size(), 0U);
}

TEST_F(LeafCacheTest, IsBoundedAndForgetsTheLeastRecentlyUsed) {
  for (int i = 0; i < 100; ++i) ask("host-" + std::to_string(i) + ".test");
  EXPECT_EQ(cache.size(), kCapacity);
  EXPECT_EQ(cache.counts().evicted, 100 - kCapacity);
  ask("host-99.test");
  EXPECT_EQ(cache.counts().hits, 1U);
  ask("host-0.test");
  EXPECT_EQ(cache.counts().minted, 101U);
}

TEST_F(LeafCacheTest, KeepsNamesInUseThroughAFloodOfNewOnes) {
  for (const char* host : {"a.test", "b.test", "c.test"}) {
    ask(host);
    ask(host);
  }
  for (int i = 0; i < 1000; ++i) ask("flood-" + std::to_string(i) + ".test");
  const auto before = cache.counts().minted;
  for (const char* host : {"a.test", "b.test", "c.test"}) ask(host);
  EXPECT_EQ(cache.counts().minted, before);
}

TEST_F(LeafCacheTest, LetsNamesInUseGoWhenOthersAreUsedMore) {
  for (int i = 0; i < 100; ++i) {
    const std::string host = "host-" + std::to_string(i) + ".test";
    ask(host);
    ask(host);
  }
  EXPECT_EQ(cache.size(), kCapacity);
  const auto before = cache.counts().minted;
  ask("host-99.test");
  EXPECT_EQ(cache.counts().minted, before);
}

TEST_F(LeafCacheTest, MintsAheadForWarmNames) {
  const std::vector<tls::PeerName> names{name("a.test"), name("192.0.2.1"), name("a.test")};
  EXPECT_EQ(cache.warm(names, now), 3U);
  EXPECT_EQ(cache.counts().minted, 2U);
  for (int i = 0; i < 100; ++i) ask("flood-" + std::to_string(i) + ".test");
  ask("a.test");
  ask("192.0.2.1");
  EXPECT_EQ(cache.counts().hits, 2U);
}

TEST_F(LeafCacheTest, WarmsAtMostHalfOfItsRoom) {
  std::vector<tls::PeerName> names;
  for (int i = 0; i < 20; ++i) names.push_back(name("host-" + std::to_string(i) + ".test"));
  EXPECT_EQ(cache.warm(names, now), kCapacity / 2);
}

TEST_F(LeafCacheTest, ReplacesWhatAnEarlierIssuerMadeAsItIsAskedFor) {
  const auto first = ask("good.test");
  cache.use(make_issuer());
  const auto second = ask("good.test");
  EXPECT_FALSE(tls::belongs(first->identity.key, second->identity.chain.front()));
  EXPECT_EQ(ask("good.test"), second);
  EXPECT_EQ(cache.size(), 1U);
}

class SettledLeaves : public LeafCacheTest {
 protected:
  static constexpr unsigned kOften = tls::LeafCache::kSettledAfter;
  static constexpr size_t kMost = tls::LeafCache::kMostSettled;

  // Asks for `host` so often that it is settled, if there is room.
  bool settle(const std::string& host) {
    for (unsigned i = 0; i < kOften; ++i) ask(host);
    return ask(host)->context != nullptr;
  }
  static std::string numbered(size_t i) { return "host-" + std::to_string(i) + ".test"; }
  void fill() {
    cache = tls::LeafCache(make_issuer(), 2 * kMost);
    for (size_t i = 0; i < kMost; ++i) EXPECT_TRUE(settle(numbered(i))) << i;
    EXPECT_EQ(cache.settled(), kMost);
  }
};

TEST_F(SettledLeaves, AreThoseAskedForOften) {
  const auto minted = ask("good.test");
  for (unsigned i = 1; i < kOften; ++i) EXPECT_EQ(ask("good.test"), minted) << i;
  const auto settled = ask("good.test");
  EXPECT_NE(settled->context, nullptr);
  EXPECT_EQ(settled->identity.chain.front().der(), minted->identity.chain.front().der());
  EXPECT_EQ(ask("good.test"), settled);
  EXPECT_EQ(cache.counts().minted, 1U);
  EXPECT_EQ(cache.settled(), 1U);
}

TEST_F(SettledLeaves, StartAnewWhenTheyAreMintedAnew) {
  ASSERT_TRUE(settle("good.test"));
  EXPECT_EQ(ask("good.test", now + 95h)->context, nullptr);
  EXPECT_EQ(cache.settled(), 0U);
  for (unsigned i = 1; i < kOften; ++i) EXPECT_EQ(ask("good.test", now + 95h)->context, nullptr);
  EXPECT_NE(ask("good.test", now + 95h)->context, nullptr);
}

TEST_F(SettledLeaves, MakeRoomWhenTheyAreForgotten) {
  fill();
  for (size_t i = 0; i < 4 * kMost; ++i) {
    const std::string host = "later-" + std::to_string(i) + ".test";
    ask(host);
    ask(host);
  }
  EXPECT_EQ(cache.settled(), 0U);
  EXPECT_TRUE(settle("good.test"));
}

TEST_F(SettledLeaves, AreBoundedAndOthersHaveTheirTurnLater) {
  fill();
  EXPECT_FALSE(settle("late.test"));
  ask(numbered(0), now + 95h);
  EXPECT_EQ(cache.settled(), kMost - 1);
  EXPECT_NE(ask("late.test")->context, nullptr);
  EXPECT_EQ(cache.settled(), kMost);
}

TEST_F(SettledLeaves, EndWithTheirIssuer) {
  auto issuer = make_issuer();
  cache.use(issuer);
  ASSERT_TRUE(settle("good.test"));
  cache.use(issuer);
  EXPECT_EQ(cache.settled(), 1U);
  cache.use(make_issuer());
  EXPECT_EQ(cache.settled(), 0U);
  EXPECT_EQ(ask("good.test")->context, nullptr);
}

}  // namespace
