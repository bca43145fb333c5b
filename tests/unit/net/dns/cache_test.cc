#include "net/dns/cache.h"

#include <gtest/gtest.h>

namespace net::dns {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr base::Instant kStart{std::chrono::hours(7)};
constexpr CacheLimits kLimits{3, seconds(5), seconds(300), seconds(4)};

Outcome found(std::uint32_t ttl, int count = 1) {
  Outcome out{Verdict::kAddresses, {}, ttl};
  for (int i = 0; i < count; ++i) {
    out.addresses.push_back(base::IpAddress::v4({192, 0, 2, static_cast<std::uint8_t>(i)}));
  }
  return out;
}

Outcome failed(Verdict verdict) { return {verdict, {}, 0}; }

// How long `outcome` stays in a fresh cache, in milliseconds, searched in steps of 100 ms.
milliseconds life_of(const Outcome& outcome, const CacheLimits& limits = kLimits) {
  milliseconds life{0};
  for (; life < seconds(1000); life += milliseconds(100)) {
    Cache cache(limits);
    cache.store("a.test", outcome, kStart);
    if (cache.find("a.test", kStart + life) == nullptr) break;
  }
  return life;
}

TEST(DnsCache, GivesBackWhatWasStored) {
  Cache cache(kLimits);
  cache.store("a.test", found(60, 2), kStart);
  const Outcome* outcome = cache.find("a.test", kStart);
  ASSERT_NE(outcome, nullptr);
  EXPECT_EQ(*outcome, found(60, 2));
  EXPECT_EQ(cache.find("b.test", kStart), nullptr);
}

TEST(DnsCache, ClampsTheTtlOfAddresses) {
  EXPECT_EQ(life_of(found(0)), seconds(5));
  EXPECT_EQ(life_of(found(60)), seconds(60));
  EXPECT_EQ(life_of(found(86400)), seconds(300));
  EXPECT_EQ(life_of(found(UINT32_MAX)), seconds(300));
}

TEST(DnsCache, KeepsNegativeAnswersForTheNegativeTtl) {
  EXPECT_EQ(life_of(failed(Verdict::kNotFound)), seconds(4));
  EXPECT_EQ(life_of(failed(Verdict::kNoAddress)), seconds(4));
}

TEST(DnsCache, KeepsFailuresOfServersBriefly) {
  for (const Verdict verdict :
       {Verdict::kServerFailure, Verdict::kRefused, Verdict::kTimeout, Verdict::kUnreachable}) {
    EXPECT_EQ(life_of(failed(verdict)), kFailureTtl);
  }
}

TEST(DnsCache, ANegativeTtlOfZeroKeepsNoFailure) {
  const CacheLimits limits{3, seconds(5), seconds(300), seconds(0)};
  EXPECT_EQ(life_of(failed(Verdict::kNotFound), limits), seconds(0));
  EXPECT_EQ(life_of(failed(Verdict::kTimeout), limits), seconds(0));
}

TEST(DnsCache, KeepsTheReasonOfAFailure) {
  Cache cache(kLimits);
  cache.store("a.test", failed(Verdict::kRefused), kStart);
  ASSERT_NE(cache.find("a.test", kStart), nullptr);
  EXPECT_EQ(cache.find("a.test", kStart)->verdict, Verdict::kRefused);
}

TEST(DnsCache, ForgetsTheLeastRecentlyUsedWhenFull) {
  Cache cache(kLimits);
  for (const char* name : {"a.test", "b.test", "c.test"}) cache.store(name, found(60), kStart);
  EXPECT_NE(cache.find("a.test", kStart), nullptr);  // used: "b.test" is the oldest now
  cache.store("d.test", found(60), kStart);
  EXPECT_EQ(cache.size(), 3U);
  EXPECT_EQ(cache.find("b.test", kStart), nullptr);
  for (const char* name : {"a.test", "c.test", "d.test"}) {
    EXPECT_NE(cache.find(name, kStart), nullptr) << name;
  }
}

TEST(DnsCache, ReplacesAnEntryAndItsExpiry) {
  Cache cache(kLimits);
  cache.store("a.test", found(60), kStart);
  cache.store("a.test", found(100, 3), kStart + seconds(10));
  EXPECT_EQ(cache.size(), 1U);
  const Outcome* outcome = cache.find("a.test", kStart + seconds(105));
  ASSERT_NE(outcome, nullptr);
  EXPECT_EQ(outcome->addresses.size(), 3U);
}

TEST(DnsCache, AnExpiredEntryGivesItsPlaceBack) {
  Cache cache(kLimits);
  cache.store("a.test", found(60), kStart);
  EXPECT_EQ(cache.find("a.test", kStart + seconds(60)), nullptr);
  EXPECT_EQ(cache.size(), 0U);
}

TEST(DnsCache, KeepsNoMoreThanTheAddressesOfAName) {
  Cache cache(kLimits);
  cache.store("a.test", found(60, 200), kStart);
  EXPECT_EQ(cache.find("a.test", kStart)->addresses.size(), kMaxAddresses);
}

TEST(DnsCache, WithoutRoomKeepsNothing) {
  Cache cache({0, seconds(5), seconds(300), seconds(4)});
  cache.store("a.test", found(60), kStart);
  EXPECT_EQ(cache.find("a.test", kStart), nullptr);
}

}  // namespace
}  // namespace net::dns
