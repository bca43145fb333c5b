#include "proxy/policy/address_guard.h"

#include <gtest/gtest.h>

#include <ostream>
#include <random>

#include "proxy/policy/embedded_v4.h"

namespace proxy::policy {
namespace {

struct Case {
  const char* address;
  Guard guard;
  const char* words;  // a part of the range
};

// Names the case in lists of tests, where its octets would be those of a pointer.
void PrintTo(const Case& one, std::ostream* out) { *out << one.address; }

class AddressGuard : public testing::TestWithParam<Case> {};

TEST_P(AddressGuard, JudgesByRange) {
  const auto address = base::IpAddress::parse(GetParam().address);
  ASSERT_TRUE(address) << GetParam().address;
  const GuardVerdict verdict = guard(*address);
  EXPECT_EQ(verdict.guard, GetParam().guard) << GetParam().address << ": " << verdict.range;
  EXPECT_NE(verdict.range.find(GetParam().words), std::string_view::npos)
      << GetParam().address << ": " << verdict.range;
}

constexpr Case kPlain[] = {
    {"8.8.8.8", Guard::kPublic, ""},
    {"2606:4700::1111", Guard::kPublic, ""},
    {"9.255.255.255", Guard::kPublic, ""},
    {"10.0.0.0", Guard::kClosed, "private"},
    {"10.255.255.255", Guard::kClosed, "private"},
    {"11.0.0.0", Guard::kPublic, ""},
    {"100.63.255.255", Guard::kPublic, ""},
    {"100.64.0.1", Guard::kClosed, "shared"},
    {"100.127.255.255", Guard::kClosed, "shared"},
    {"100.128.0.0", Guard::kPublic, ""},
    {"127.0.0.1", Guard::kClosed, "loopback"},
    {"127.255.255.254", Guard::kClosed, "loopback"},
    {"169.254.0.1", Guard::kClosed, "link-local"},
    {"169.254.169.253", Guard::kClosed, "link-local"},
    {"172.15.255.255", Guard::kPublic, ""},
    {"172.16.0.1", Guard::kClosed, "private"},
    {"172.31.255.255", Guard::kClosed, "private"},
    {"172.32.0.0", Guard::kPublic, ""},
    {"192.0.0.192", Guard::kClosed, "protocol"},
    {"192.0.2.1", Guard::kClosed, "documentation"},
    {"192.88.99.1", Guard::kClosed, "6to4"},
    {"192.168.1.1", Guard::kClosed, "private"},
    {"198.18.0.1", Guard::kClosed, "benchmarking"},
    {"198.19.255.255", Guard::kClosed, "benchmarking"},
    {"198.51.100.7", Guard::kClosed, "documentation"},
    {"203.0.113.7", Guard::kClosed, "documentation"},
    {"240.0.0.1", Guard::kClosed, "reserved"},
    {"168.63.129.15", Guard::kPublic, ""},
    {"168.63.129.16", Guard::kHard, "wireserver"},
    {"169.254.169.254", Guard::kHard, "IMDS"},
    {"fd00:ec2::254", Guard::kHard, "metadata"},
    {"fd20:ce::254", Guard::kHard, "metadata"},
    {"0.0.0.0", Guard::kNever, "unspecified"},
    {"0.1.2.3", Guard::kNever, "unspecified"},
    {"224.0.0.1", Guard::kNever, "multicast"},
    {"239.255.255.255", Guard::kNever, "multicast"},
    {"255.255.255.255", Guard::kNever, "broadcast"},
    {"::", Guard::kNever, "unspecified"},
    {"ff02::1", Guard::kNever, "multicast"},
    {"::1", Guard::kClosed, "loopback"},
    {"100::1", Guard::kClosed, "discard"},
    {"2001:db8::1", Guard::kClosed, "documentation"},
    {"3fff::1", Guard::kClosed, "documentation"},
    {"5f00::1", Guard::kClosed, "segment"},
    {"fc00::1", Guard::kClosed, "private"},
    {"fd12:3456::1", Guard::kClosed, "private"},
    {"fe80::1", Guard::kClosed, "link-local"},
    {"febf::1", Guard::kClosed, "link-local"},
    {"fec0::1", Guard::kClosed, "site-local"},
};
INSTANTIATE_TEST_SUITE_P(Plain, AddressGuard, testing::ValuesIn(kPlain));

constexpr Case kDisguised[] = {
    {"::ffff:8.8.8.8", Guard::kClosed, "IPv4-mapped"},
    {"::ffff:127.0.0.1", Guard::kClosed, "loopback"},
    {"::ffff:169.254.169.254", Guard::kHard, "IMDS"},
    {"::ffff:224.0.0.1", Guard::kNever, "multicast"},
    {"::8.8.8.8", Guard::kClosed, "IPv4-compatible"},
    {"::169.254.169.254", Guard::kHard, "IMDS"},
    {"::2", Guard::kNever, "unspecified"},
    {"::ffff:0:8.8.8.8", Guard::kClosed, "IPv4-translated"},
    {"::ffff:0:169.254.169.254", Guard::kHard, "IMDS"},
    {"64:ff9b::8.8.8.8", Guard::kClosed, "NAT64"},
    {"64:ff9b::168.63.129.16", Guard::kHard, "wireserver"},
    {"64:ff9b::10.0.0.1", Guard::kClosed, "private"},
    {"64:ff9b:1::1", Guard::kClosed, "local NAT64"},
    {"64:ff9b:1::169.254.169.254", Guard::kHard, "IMDS"},
    {"64:ff9b:1:a9fe:a9:fe00::", Guard::kHard, "IMDS"},       // /48 layout
    {"64:ff9b:1:ffa9:fe:a9fe::", Guard::kHard, "IMDS"},       // /56 layout
    {"64:ff9b:1:ffff:a9:fea9:fe00:0", Guard::kHard, "IMDS"},  // /64 layout
    {"2002:808:808::1", Guard::kClosed, "6to4"},
    {"2002:a9fe:a9fe::1", Guard::kHard, "IMDS"},
    {"2002:7f00:1::", Guard::kClosed, "loopback"},
    {"2002:e000:1::", Guard::kNever, "multicast"},
    {"2001:0:808:808::f7f7:f7f7", Guard::kClosed, "Teredo"},
    {"2001:0:a9fe:a9fe::f7f7:f7f7", Guard::kHard, "IMDS"},  // as the server
    {"2001:0:808:808::5601:5601", Guard::kHard, "IMDS"},    // as the client, inverted
    {"2606:4700::5efe:808:808", Guard::kClosed, "ISATAP"},
    {"2606:4700::200:5efe:808:808", Guard::kClosed, "ISATAP"},
    {"2606:4700::5efe:a9fe:a9fe", Guard::kHard, "IMDS"},
    {"fe80::200:5efe:10.0.0.1", Guard::kClosed, "private"},
};
INSTANTIATE_TEST_SUITE_P(Disguised, AddressGuard, testing::ValuesIn(kDisguised));

TEST(AddressGuard, NoDisguiseIsJudgedMilderThanWhatItHides) {
  std::mt19937 random(20260101);
  for (int round = 0; round < 20'000; ++round) {
    std::array<std::uint8_t, 16> octets{};
    for (auto& octet : octets) octet = static_cast<std::uint8_t>(random());
    static constexpr std::array<std::array<std::uint8_t, 4>, 4> kPrefixes = {
        {{0x20, 0x02}, {0x20, 0x01, 0, 0}, {0, 0x64, 0xff, 0x9b}, {0, 0, 0, 0}}};
    const auto& prefix = kPrefixes[static_cast<size_t>(round) % kPrefixes.size()];
    std::copy(prefix.begin(), prefix.end(), octets.begin());
    if (round % 4 >= 2) std::fill(octets.begin() + 4, octets.begin() + 12, 0);
    const auto address = base::IpAddress::v6(octets);
    const Guard outer = guard(address).guard;
    for (const EmbeddedV4& inside : embedded_v4(address)) {
      EXPECT_GE(outer, Guard::kClosed) << address.to_string();
      EXPECT_GE(outer, guard(inside.address).guard) << address.to_string();
    }
  }
}

TEST(AddressGuard, KnowsLocalNames) {
  for (const char* name : {"localhost", "LOCALHOST", "a.localhost", "printer.local", "a.b.local",
                           "metadata.google.internal", "localhost."}) {
    EXPECT_TRUE(is_local_name(name)) << name;
  }
  for (const char* name : {"example.com", "localhost.com", "mylocalhost", "local", "internal",
                           "notlocal", "db", "internal.example", ""}) {
    EXPECT_FALSE(is_local_name(name)) << name;
  }
}

}  // namespace
}  // namespace proxy::policy
