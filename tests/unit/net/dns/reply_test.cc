#include "net/dns/reply.h"

#include <gtest/gtest.h>

#include "tests/unit/net/dns/message.h"

namespace net::dns {
namespace {

using test::kA;
using test::kAaaa;
using test::Packet;
using test::Reply;

constexpr std::string_view kName = "www.example.test";

Reply reply(unsigned type = kA, unsigned rcode = 0) {
  return Reply(test::question(kName, type), rcode);
}

Outcome read(const Reply& from, base::Family family = base::Family::kV4) {
  return read_reply(from.packet(), kName, family);
}

std::string addresses(const Outcome& outcome) {
  std::string out;
  for (const auto& address : outcome.addresses) out += address.to_string() + " ";
  return out;
}

TEST(DnsReply, GivesTheAddressesAndTheLeastTtl) {
  const Outcome v4 = read(reply().address("192.0.2.1", 60).address("192.0.2.2", 30));
  EXPECT_EQ(v4.verdict, Verdict::kAddresses);
  EXPECT_EQ(addresses(v4), "192.0.2.1 192.0.2.2 ");
  EXPECT_EQ(v4.ttl, 30U);
  const Outcome v6 = read(reply(kAaaa).address("2001:db8::1", 7), base::Family::kV6);
  EXPECT_EQ(addresses(v6), "2001:db8::1 ");
  EXPECT_EQ(v6.ttl, 7U);
}

TEST(DnsReply, FollowsAliasesAndTheirTtl) {
  const Outcome got = read(reply()
                               .alias("Edge.CDN.test", 20)
                               .alias("node.cdn.test", 90, "edge.cdn.TEST")
                               .address("192.0.2.9", 60, "node.cdn.test"));
  EXPECT_EQ(addresses(got), "192.0.2.9 ");
  EXPECT_EQ(got.ttl, 20U);
}

TEST(DnsReply, IgnoresRecordsOfOtherNamesAndTypes) {
  const Outcome got = read(reply()
                               .address("192.0.2.66", 1, "evil.test")
                               .address("2001:db8::1", 1)
                               .alias("other.test", 1, "unrelated.test")
                               .address("192.0.2.1", 60));
  EXPECT_EQ(addresses(got), "192.0.2.1 ");
  EXPECT_EQ(got.ttl, 60U);
}

TEST(DnsReply, AnAliasWithoutAddressIsNoAddress) {
  EXPECT_EQ(read(reply().alias("edge.test")).verdict, Verdict::kNoAddress);
  EXPECT_EQ(read(reply()).verdict, Verdict::kNoAddress);
}

TEST(DnsReply, MapsResponseCodes) {
  const std::pair<unsigned, Verdict> rows[] = {
      {1, Verdict::kServerFailure}, {2, Verdict::kServerFailure}, {3, Verdict::kNotFound},
      {4, Verdict::kServerFailure}, {5, Verdict::kRefused},       {9, Verdict::kServerFailure},
  };
  for (const auto& [rcode, verdict] : rows)
    EXPECT_EQ(read(reply(kA, rcode)).verdict, verdict) << rcode;
  EXPECT_TRUE(is_format_error(reply(kA, 1).packet()));
  EXPECT_FALSE(is_format_error(reply(kA, 2).packet()));
}

TEST(DnsReply, KeepsEachAddressOnceAndNotTooMany) {
  Reply many = reply();
  for (int i = 0; i < 1000; ++i) {
    many.address("10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256))
        .address("10.0.0.0");
  }
  const Outcome got = read(many);
  EXPECT_EQ(got.addresses.size(), kMaxAddresses);
  EXPECT_EQ(addresses(got).substr(0, 18), "10.0.0.0 10.0.0.1 ");
}

TEST(DnsReply, ATtlWithItsTopBitIsZero) {
  EXPECT_EQ(read(reply().address("192.0.2.1", 0x80000000)).ttl, 0U);
}

TEST(DnsReply, EndsLongChainsAndLoopsOfAliases) {
  Reply most = reply();
  Reply more = reply();
  std::string owner(kName);
  for (int i = 1; i <= 17; ++i) {
    const std::string target = "n" + std::to_string(i) + ".test";
    if (i <= 16) most.alias(target, 60, owner);
    more.alias(target, 60, owner);
    owner = target;
  }
  EXPECT_EQ(read(most.address("192.0.2.1", 60, "n16.test")).verdict, Verdict::kAddresses);
  EXPECT_EQ(read(more.address("192.0.2.1", 60, "n17.test")).verdict, Verdict::kChainTooLong);
  Reply loop = reply();
  for (int i = 0; i < 100; ++i) loop.alias(kName);
  EXPECT_EQ(read(loop).verdict, Verdict::kChainTooLong);
}

TEST(DnsReply, RefusesPointersThatDoNotPointBack) {
  const std::uint8_t to_itself[] = {0xC0, 0x00};
  Reply forward = reply();
  Packet packet = forward.record({}, test::kCname, 60, to_itself).packet();
  const size_t at = packet.size() - 2;
  for (const size_t target : {at, at + 1, size_t{0x3FFF}}) {
    packet[at] = static_cast<std::uint8_t>(0xC0 | target >> 8);
    packet[at + 1] = static_cast<std::uint8_t>(target);
    EXPECT_EQ(read_reply(packet, kName, base::Family::kV4).verdict, Verdict::kServerFailure)
        << target;
  }
}

TEST(DnsReply, RefusesAddressesOfTheWrongSize) {
  const std::uint8_t short_address[] = {192, 0, 2};
  EXPECT_EQ(read(reply().record({}, kA, 60, short_address)).verdict, Verdict::kServerFailure);
}

TEST(DnsReply, EveryPrefixIsUnusableAndHarmless) {
  const Packet whole = reply()
                           .alias("edge.test")
                           .address("192.0.2.1", 60, "edge.test")
                           .address("192.0.2.2", 60, "edge.test")
                           .packet();
  for (size_t size = 0; size < whole.size(); ++size) {
    const Packet cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(read_reply(cut, kName, base::Family::kV4).verdict, Verdict::kServerFailure) << size;
  }
}

TEST(DnsReply, NamesTooLongForDnsAreRefused) {
  std::string longest;
  for (int i = 0; i < 130; ++i) longest += "a.";
  longest.pop_back();
  EXPECT_EQ(read(reply().alias(longest)).verdict, Verdict::kServerFailure);
}

}  // namespace
}  // namespace net::dns
