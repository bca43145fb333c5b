#include "aks/learned.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aks/learned_file.h"

namespace aks {
namespace {

using ::testing::HasSubstr;

base::IpAddress client(int last) {
  return base::IpAddress::v4({10, 0, 0, static_cast<std::uint8_t>(last)});
}

base::WallTime at(int second) {
  return base::WallTime(std::chrono::seconds(1'700'000'000 + second));
}

LearnedRequest request(std::string_view host, LearnedVerdict verdict = LearnedVerdict::kAllow,
                       int second = 0, int from = 1) {
  return {host, 443, LearnedMethod::kConnect, verdict, client(from), at(second)};
}

Learned sample() {
  Learned learned(10);
  learned.add(request("a.example", LearnedVerdict::kAllow, 5, 1));
  learned.add(request("a.example", LearnedVerdict::kWouldDeny, 3, 2));
  learned.add(request("a.example", LearnedVerdict::kDeny, 9, 1));
  learned.add(
      {"2001:db8::1", 80, LearnedMethod::kForward, LearnedVerdict::kDeny, client(3), at(1)});
  return learned;
}

TEST(Learned, CountsByVerdictAndRemembersTimesAndClients) {
  const Learned learned = sample();
  const LearnedFacts& facts =
      learned.destinations().at({"a.example", 443, LearnedMethod::kConnect});
  EXPECT_EQ(facts.allowed, 1U);
  EXPECT_EQ(facts.would_be_denied, 1U);
  EXPECT_EQ(facts.denied, 1U);
  EXPECT_EQ(facts.first, at(3));
  EXPECT_EQ(facts.last, at(9));
  EXPECT_EQ(facts.clients, (std::set{client(1), client(2)}));
}

bool knows(const Learned& learned, const std::string& host) {
  return learned.destinations().contains({host, 443, LearnedMethod::kConnect});
}

TEST(Learned, KeepsWhatIsAskedForOftenWhenFullAndCountsTheRest) {
  Learned learned(2);
  for (const char* host : {"a", "a", "b", "c", "d", "a"}) learned.add(request(host));
  EXPECT_EQ(learned.destinations().size(), 2U);
  EXPECT_TRUE(knows(learned, "a") && knows(learned, "d"));
  EXPECT_EQ(learned.dropped(), 2U);
  Learned nothing(0);
  nothing.add(request("a"));
  EXPECT_EQ(nothing.dropped(), 1U);
}

TEST(Learned, LearnsARealDestinationAfterAThousandInventedOnes) {
  Learned learned(100);
  const auto invent = [&](int number, LearnedVerdict verdict) {
    learned.add(request("invented-" + std::to_string(number), verdict, number, 7));
  };
  for (int i = 0; i < 1000; ++i) invent(i, LearnedVerdict::kAllow);
  learned.add(request("real", LearnedVerdict::kAllow, 1000, 1));
  learned.add(request("own", LearnedVerdict::kAllow, 1001, 7));
  EXPECT_TRUE(knows(learned, "real") && knows(learned, "own"));
  for (int i = 1002; i < 3000; ++i) invent(i, LearnedVerdict::kDeny);
  EXPECT_TRUE(knows(learned, "real")) << "another client's names push it out";
  EXPECT_TRUE(knows(learned, "own")) << "what is denied goes first";
  EXPECT_LE(learned.destinations().size(), 100U);
  EXPECT_GT(learned.destinations().size(), 90U);
  std::uint64_t held = 0;
  for (const auto& [key, facts] : learned.destinations()) held += facts.count();
  EXPECT_EQ(held + learned.dropped(), 3000U);
}

TEST(Learned, MergesARealDestinationIntoAFullTable) {
  Learned full(10);
  for (int i = 0; i < 10; ++i)
    full.add(request("x" + std::to_string(i), LearnedVerdict::kAllow, i, 7));
  Learned more(10);
  more.add(request("real", LearnedVerdict::kAllow, 99, 1));
  full.merge(more);
  EXPECT_TRUE(knows(full, "real"));
}

TEST(Learned, RemembersABoundedNumberOfClients) {
  Learned learned(1);
  const auto facts = [&] { return learned.destinations().begin()->second; };
  for (int i = 0; i < static_cast<int>(LearnedFacts::kMaxClients); ++i) {
    learned.add(request("a", LearnedVerdict::kAllow, 0, i));
  }
  EXPECT_FALSE(facts().has_more_clients);
  learned.add(request("a", LearnedVerdict::kAllow, 0, 200));
  EXPECT_EQ(facts().clients.size(), LearnedFacts::kMaxClients);
  EXPECT_TRUE(facts().has_more_clients);
}

TEST(Learned, MergesAsIfAllHadComeToOne) {
  Learned first(10);
  Learned second(10);
  Learned all(10);
  for (int i = 0; i < 60; ++i) {
    const std::string host(1, static_cast<char>('a' + i % 7));
    const LearnedRequest each = request(host, static_cast<LearnedVerdict>(i % 3), i, i % 5);
    (i % 2 == 0 ? first : second).add(each);
    all.add(each);
  }
  first.merge(second);
  EXPECT_EQ(first, all);
}

TEST(Learned, CountsWhatAMergeFindsNoRoomFor) {
  Learned full(1);
  full.add(request("a"));
  Learned more(10);
  more.add(request("b"));
  more.add(request("b"));
  more.add_dropped(5);
  full.merge(more);
  EXPECT_EQ(full.destinations().size(), 1U);
  EXPECT_EQ(full.dropped(), 6U);
}

TEST(LearnedFile, ReadsBackWhatItWrote) {
  Learned learned = sample();
  learned.add_dropped(3);
  const auto again = parse_learned(format_learned(learned), 10);
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_EQ(*again, learned);
  const auto empty = parse_learned(format_learned(Learned(10)), 10);
  ASSERT_TRUE(empty) << empty.error().detail;
  EXPECT_EQ(*empty, Learned(10));
}

TEST(LearnedFile, HoldsAFileThatGrewTooLargeToTheLimit) {
  const auto again = parse_learned(format_learned(sample()), 1);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->destinations().size(), 1U);
  EXPECT_TRUE(knows(*again, "a.example")) << "two clients asked for it, and more often";
  EXPECT_EQ(again->dropped(), 1U) << "the request to the destination that is left out";
}

std::string with(const std::string& from, const std::string& to) {
  Learned one(1);
  one.add(request("a.example"));
  std::string text = format_learned(one);
  const size_t place = text.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  return text.replace(place, from.size(), to);
}

struct WrongCase {
  const char* from;
  const char* to;
  const char* says;
};

TEST(LearnedFile, NamesTheFirstThingThatIsWrong) {
  constexpr WrongCase kCases[] = {
      {"sluice-learned-1", "sluice-learned-9", "no file of `sluice run --learn`"},
      {"\"dropped\": 0", "\"dropped\": -1", "\"dropped\""},
      {"a.example", "a.example\\nb", "destinations[0]: host is"},
      {"a.example", "*.example", "destinations[0]: host is"},
      {"a.example", "A.Example", "canonical"},
      {"a.example", "a.example:80", "destinations[0]: host is"},
      {"443", "0", "port is no number from 1 to 65535"},
      {"443", "\"443\"", "port is"},
      {"connect", "teleport", "method is neither"},
      {"\"allow\": 1", "\"allow\": 18446744073709551615", "allow is no number"},
      {"\"first\": \"2023", "\"first\": \"20x3", "first is"},
      {"[\"10.0.0.1\"]", "[\"nobody\"]", "clients is no list of addresses"},
      {"\"more_clients\": false", "\"more_clients\": 1", "more_clients is no boolean"},
  };
  for (const WrongCase& c : kCases) {
    const auto parsed = parse_learned(with(c.from, c.to), 10);
    ASSERT_FALSE(parsed) << c.from << " as " << c.to;
    EXPECT_THAT(parsed.error().detail, HasSubstr(c.says));
    EXPECT_EQ(parsed.error().detail.find('\n'), std::string::npos);
  }
  for (const char* text : {"", "[]", "{}", "null", "{\"format\": \"sluice-learned-1\"}"}) {
    EXPECT_FALSE(parse_learned(text, 10)) << text;
  }
}

}  // namespace
}  // namespace aks
