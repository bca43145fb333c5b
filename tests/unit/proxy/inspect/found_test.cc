#include "proxy/inspect/found.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace proxy::inspect {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr base::Instant kStart{};
const base::IpAddress kClient = base::IpAddress::v4({10, 0, 0, 7});

http::Authority authority(const std::string& text) { return *http::parse_authority(text); }

TEST(Memory, ForgetsAfterItsTime) {
  Memory memory;
  EXPECT_TRUE(memory.note("a", "b", kStart, kStart + 10s));
  EXPECT_FALSE(memory.note("a", "b", kStart + 5s, kStart + 20s));
  EXPECT_TRUE(memory.has("a", "b", kStart + 19s));
  EXPECT_FALSE(memory.has("a", "b", kStart + 20s));
  EXPECT_TRUE(memory.note("a", "b", kStart + 21s, kStart + 30s));
  EXPECT_EQ(memory.pairs(kStart + 22s).front().times, 1U);
}

TEST(Memory, IsBoundedAndTheOldestMakeRoom) {
  Memory memory;
  for (size_t i = 0; i <= Memory::kMaxPairs; ++i) {
    memory.note(std::to_string(i), "x", kStart, kStart + 1h);
  }
  EXPECT_FALSE(memory.has("0", "x", kStart));
  EXPECT_FALSE(memory.has(std::to_string(Memory::kRoom - 1), "x", kStart));
  EXPECT_TRUE(memory.has(std::to_string(Memory::kRoom), "x", kStart));
  EXPECT_TRUE(memory.has(std::to_string(Memory::kMaxPairs), "x", kStart));
  EXPECT_EQ(memory.pairs(kStart).size(), Memory::kMaxPairs - Memory::kRoom + 1);
}

TEST(Memory, WhoHasTheMostMakesRoom) {
  Memory memory;
  memory.note("victim", "first", kStart, kStart + 1h);
  memory.note("victim", "second", kStart, kStart + 1h);
  for (size_t i = 0; i < 2 * Memory::kMaxPairs; ++i) {
    memory.note("flood", std::to_string(i), kStart, kStart + 1h);
  }
  EXPECT_TRUE(memory.has("victim", "first", kStart));
  EXPECT_TRUE(memory.has("victim", "second", kStart));
  EXPECT_FALSE(memory.has("flood", std::to_string(Memory::kMaxPairs), kStart));
  EXPECT_TRUE(memory.has("flood", std::to_string(2 * Memory::kMaxPairs - 1), kStart));
  EXPECT_LE(memory.pairs(kStart).size(), Memory::kMaxPairs);
  EXPECT_GT(memory.pairs(kStart).size(), Memory::kMaxPairs - Memory::kRoom);
}

TEST(Memory, WhatIsOverMakesRoomFirst) {
  Memory memory;
  for (size_t i = 0; i < Memory::kMaxPairs; ++i) {
    memory.note("flood", std::to_string(i), kStart, kStart + (i == 7 ? 1s : 3600s));
  }
  memory.note("a", "b", kStart + 2s, kStart + 1h);
  EXPECT_TRUE(memory.has("flood", "0", kStart + 2s));
}

TEST(Found, KnowsClientsWhateverTheFormOfTheirAddress) {
  Found found;
  EXPECT_TRUE(found.note_rejection(*base::IpAddress::parse("::ffff:10.0.0.7"), "a.test", kStart,
                                   kStart + 1h));
  EXPECT_TRUE(found.was_rejected(kClient, "a.test", kStart));
  EXPECT_FALSE(found.was_rejected(kClient, "b.test", kStart));
  EXPECT_FALSE(found.was_rejected(base::IpAddress::v4({10, 0, 0, 8}), "a.test", kStart));
}

TEST(Found, TakesNoServerNamesWordForAnotherConnect) {
  Found found;
  found.note_asking(authority("evil.test:443"), authority("bank.test:443"), kStart, kStart + 1h);
  EXPECT_TRUE(found.is_asking(authority("evil.test:443"), authority("bank.test:443"), kStart));
  EXPECT_FALSE(found.is_asking(authority("bank.test:443"), authority("bank.test:443"), kStart));
}

TEST(Found, ShowsWhatIsRememberedLatestFirst) {
  Found found;
  found.note_rejection(kClient, "over.test", kStart, kStart + 1s);
  found.note_rejection(kClient, "a.test", kStart, kStart + 1h);
  found.note_rejection(kClient, "b.test", kStart + 1s, kStart + 1h);
  found.note_rejection(kClient, "a.test", kStart + 2s, kStart + 1h);
  found.note_asking(authority("10.1.2.3:443"), authority("c.test:443"), kStart, kStart + 2min);
  const json shown = json::parse(found.to_json(kStart + 1min, 10));
  const json& rows = shown["rejections"]["rows"];
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0]["client"], "10.0.0.7");
  EXPECT_EQ(rows[0]["name"], "a.test");
  EXPECT_EQ(rows[0]["times"], 2);
  EXPECT_EQ(rows[0]["seconds_left"], 3540);
  EXPECT_EQ(rows[1]["name"], "b.test");
  const json& asking = shown["client_certificates"]["rows"];
  EXPECT_EQ(asking[0]["target"], "10.1.2.3:443");
  EXPECT_EQ(asking[0]["origin"], "c.test:443");
  EXPECT_EQ(asking[0]["seconds_left"], 60);
}

TEST(Found, ShowsNoMoreRowsThanItShould) {
  Found found;
  for (const char* name : {"a.test", "b.test", "c.test"}) {
    found.note_rejection(kClient, name, kStart, kStart + 1h);
  }
  const json shown = json::parse(found.to_json(kStart, 2))["rejections"];
  EXPECT_EQ(shown["rows"].size(), 2U);
  EXPECT_EQ(shown["hidden"], 1);
}

}  // namespace
}  // namespace proxy::inspect
