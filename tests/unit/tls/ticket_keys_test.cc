#include "tls/ticket_keys.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using tls::TicketKeys;

constexpr base::Instant kStart{std::chrono::hours(1000)};

class TicketKeysTest : public testing::Test {
 protected:
  bool opens(const TicketKeys::KeyPtr& key, base::Instant now) {
    return keys.opening(key->name, now) == key;
  }
  TicketKeys keys;
};

TEST_F(TicketKeysTest, SealWithOneKeyForItsLifetime) {
  const auto first = keys.sealing(kStart);
  ASSERT_TRUE(first);
  EXPECT_EQ(keys.sealing(kStart + TicketKeys::kLifetime - 1s), first);
  const auto second = keys.sealing(kStart + TicketKeys::kLifetime);
  ASSERT_TRUE(second);
  EXPECT_NE(second, first);
  EXPECT_NE(second->name, first->name);
  EXPECT_NE(second->cipher, first->cipher);
  EXPECT_NE(second->mac, first->mac);
}

TEST_F(TicketKeysTest, OpenWithTheCurrentAndThePreviousKey) {
  const auto first = keys.sealing(kStart);
  const auto second = keys.sealing(kStart + 12h);
  EXPECT_TRUE(opens(first, kStart + 23h));
  EXPECT_TRUE(opens(second, kStart + 23h));
  const auto third = keys.sealing(kStart + 24h);
  EXPECT_FALSE(opens(first, kStart + 24h));
  EXPECT_TRUE(opens(second, kStart + 24h));
  EXPECT_TRUE(opens(third, kStart + 24h));
}

TEST_F(TicketKeysTest, OpenNothingThatIsTooOldWithoutAnyNewTicket) {
  const auto only = keys.sealing(kStart);
  EXPECT_TRUE(opens(only, kStart + 24h - 1s));
  EXPECT_FALSE(opens(only, kStart + 24h));
  EXPECT_EQ(only.use_count(), 1) << "the ring has let go of it, so that it is wiped";
}

TEST_F(TicketKeysTest, OpenNothingOfOthers) {
  TicketKeys others;
  EXPECT_FALSE(keys.opening(others.sealing(kStart)->name, kStart));
  keys.sealing(kStart);
  EXPECT_FALSE(keys.opening(others.sealing(kStart)->name, kStart));
}

TEST_F(TicketKeysTest, AreMadeOnceByThreadsThatComeTogether) {
  std::array<TicketKeys::KeyPtr, 4> seen;
  std::vector<std::thread> threads;
  threads.reserve(seen.size());
  for (auto& one : seen) {
    threads.emplace_back([this, &one] { one = keys.sealing(kStart); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& one : seen) EXPECT_EQ(one, keys.sealing(kStart));
}

}  // namespace
