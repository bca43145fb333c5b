#include "net/dns/outcome.h"

#include <gtest/gtest.h>

namespace net::dns {
namespace {

using base::ErrorCode;

Outcome v4(size_t count, std::uint32_t ttl) {
  Outcome out{Verdict::kAddresses, {}, ttl};
  for (size_t i = 0; i < count; ++i) {
    out.addresses.push_back(base::IpAddress::v4({192, 0, 2, static_cast<std::uint8_t>(i)}));
  }
  return out;
}

Outcome v6(size_t count, std::uint32_t ttl) {
  Outcome out{Verdict::kAddresses, {}, ttl};
  for (size_t i = 0; i < count; ++i) {
    out.addresses.push_back(base::IpAddress::v6(
        {0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(i)}));
  }
  return out;
}

Outcome failed(Verdict verdict) { return {verdict, {}, 0}; }

TEST(DnsOutcome, PutsIpv6FirstAndTakesTheLesserTtl) {
  const Outcome both = combine(v6(1, 30), v4(2, 20));
  EXPECT_EQ(both.verdict, Verdict::kAddresses);
  EXPECT_EQ(both.ttl, 20U);
  ASSERT_EQ(both.addresses.size(), 3U);
  EXPECT_FALSE(both.addresses[0].is_v4());
}

TEST(DnsOutcome, OneFamilyIsEnough) {
  for (const Verdict verdict : {Verdict::kNoAddress, Verdict::kNotFound}) {
    EXPECT_EQ(combine(failed(verdict), v4(1, 20)), v4(1, 20));
    EXPECT_EQ(combine(v6(1, 20), failed(verdict)), v6(1, 20));
  }
}

TEST(DnsOutcome, AFamilyThatWasNotAnsweredIsAskedForAgainSoon) {
  EXPECT_EQ(combine(failed(Verdict::kTimeout), v4(1, 20)), v4(1, 0));
  EXPECT_EQ(combine(v6(1, 20), failed(Verdict::kServerFailure)), v6(1, 0));
}

TEST(DnsOutcome, CombinesFailures) {
  const struct {
    Verdict one, other, both;
  } rows[] = {
      {Verdict::kNoAddress, Verdict::kNoAddress, Verdict::kNoAddress},
      {Verdict::kNotFound, Verdict::kNoAddress, Verdict::kNotFound},
      {Verdict::kNotFound, Verdict::kServerFailure, Verdict::kNotFound},
      {Verdict::kNoAddress, Verdict::kServerFailure, Verdict::kServerFailure},
      {Verdict::kNoAddress, Verdict::kTimeout, Verdict::kTimeout},
      {Verdict::kServerFailure, Verdict::kTimeout, Verdict::kServerFailure},
      {Verdict::kRefused, Verdict::kTimeout, Verdict::kRefused},
      {Verdict::kTimeout, Verdict::kUnreachable, Verdict::kUnreachable},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(combine(failed(row.one), failed(row.other)).verdict, row.both);
    EXPECT_EQ(combine(failed(row.other), failed(row.one)).verdict, row.both);
  }
}

TEST(DnsOutcome, SharesTheRoomForAddresses) {
  const auto count = [](size_t six, size_t four) {
    const Outcome both = combine(v6(six, 1), v4(four, 1));
    size_t v4_count = 0;
    for (const auto& address : both.addresses) v4_count += address.is_v4() ? 1U : 0U;
    return std::pair(both.addresses.size() - v4_count, v4_count);
  };
  EXPECT_EQ(count(32, 32), std::pair(size_t{16}, size_t{16}));
  EXPECT_EQ(count(32, 3), std::pair(size_t{29}, size_t{3}));
  EXPECT_EQ(count(2, 32), std::pair(size_t{2}, size_t{30}));
  EXPECT_EQ(count(20, 0), std::pair(size_t{20}, size_t{0}));
}

TEST(DnsOutcome, EveryFailureHasItsCodeAndNamesTheName) {
  const std::pair<Verdict, ErrorCode> rows[] = {
      {Verdict::kNotFound, ErrorCode::kDnsNotFound},
      {Verdict::kNoAddress, ErrorCode::kDnsNoAddress},
      {Verdict::kServerFailure, ErrorCode::kDnsServerFailure},
      {Verdict::kRefused, ErrorCode::kDnsRefused},
      {Verdict::kTimeout, ErrorCode::kDnsTimeout},
      {Verdict::kUnreachable, ErrorCode::kDnsUnreachable},
  };
  for (const auto& [verdict, code] : rows) {
    const base::Error error = failure(verdict, "www.example.com");
    EXPECT_EQ(error.code, code);
    EXPECT_NE(error.detail.find("www.example.com"), std::string::npos) << error.detail;
  }
}

}  // namespace
}  // namespace net::dns
