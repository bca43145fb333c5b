#include "base/ip.h"

#include <gtest/gtest.h>

#include <string>

namespace base {
namespace {

// The canonical text, or "-" when `text` is no address.
std::string canonical(std::string_view text) {
  const auto address = IpAddress::parse(text);
  return address ? address->to_string() : "-";
}

TEST(IpAddress, ParsesCanonicalTextOnly) {
  EXPECT_EQ(canonical("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(canonical("2001:DB8:0:0::1"), "2001:db8::1");
  EXPECT_EQ(canonical("::ffff:192.0.2.1"), "::ffff:192.0.2.1");
  EXPECT_EQ(canonical("::"), "::");
  for (const std::string_view text :
       {"", "127.1", "0x7f.0.0.1", "0177.0.0.1", "2130706433", "192.0.2.256", "192.0.2.1.",
        " 192.0.2.1", "192.0.2.1/32", "[::1]", "fe80::1%eth0", "1::2::3", ":::", "a.test"}) {
    EXPECT_EQ(canonical(text), "-") << text;
  }
  EXPECT_EQ(canonical(std::string("127.0.0.1\0x", 11)), "-");
}

TEST(IpAddress, UnwrapsMappedAddressesOnly) {
  EXPECT_EQ(IpAddress::parse("::ffff:192.0.2.1")->unmapped(), IpAddress::v4({192, 0, 2, 1}));
  EXPECT_EQ(IpAddress::parse("::192.0.2.1")->unmapped(), *IpAddress::parse("::192.0.2.1"));
  EXPECT_EQ(IpAddress::v4({1, 2, 3, 4}).unmapped(), IpAddress::v4({1, 2, 3, 4}));
}

TEST(IpAddress, DiffersBetweenFamilies) {
  EXPECT_NE(IpAddress(), *IpAddress::parse("::"));
  EXPECT_NE(*IpAddress::parse("192.0.2.1"), *IpAddress::parse("::ffff:192.0.2.1"));
}

TEST(Cidr, ParsesPrefixesAndAddresses) {
  const auto text = [](std::string_view cidr) {
    const auto parsed = Cidr::parse(cidr);
    return parsed ? parsed->to_string() : "-";
  };
  EXPECT_EQ(text("10.0.0.0/8"), "10.0.0.0/8");
  EXPECT_EQ(text("fd00::/8"), "fd00::/8");
  EXPECT_EQ(text("192.0.2.1"), "192.0.2.1/32");
  EXPECT_EQ(text("::1"), "::1/128");
  EXPECT_EQ(text("0.0.0.0/0"), "0.0.0.0/0");
  for (const std::string_view bad : {"10.0.0.1/8", "10.0.0.0/33", "::/129", "10.0.0.0/", "/8",
                                     "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/8/8", "10/8"}) {
    EXPECT_EQ(text(bad), "-") << bad;
  }
}

TEST(Cidr, ClearsHostBitsWhenAsked) {
  EXPECT_EQ(Cidr::parse("10.1.2.3/9", Cidr::HostBits::kClear)->to_string(), "10.0.0.0/9");
  EXPECT_EQ(Cidr(*IpAddress::parse("2001:db8::1"), 33).to_string(), "2001:db8::/33");
}

TEST(Cidr, ContainsByPrefixWithinItsFamily) {
  const auto in = [](std::string_view cidr, std::string_view address) {
    return Cidr::parse(cidr)->contains(*IpAddress::parse(address));
  };
  EXPECT_TRUE(in("10.0.0.0/8", "10.255.255.255"));
  EXPECT_FALSE(in("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(in("192.0.2.128/25", "192.0.2.128"));
  EXPECT_FALSE(in("192.0.2.128/25", "192.0.2.127"));
  EXPECT_TRUE(in("0.0.0.0/0", "255.255.255.255"));
  EXPECT_FALSE(in("0.0.0.0/0", "::1"));
  EXPECT_TRUE(in("fe80::/10", "febf::1"));
  EXPECT_FALSE(in("fe80::/10", "fec0::1"));
}

TEST(Endpoint, ReadsBackWhatItWrites) {
  for (const std::string text : {"127.0.0.1:3128", "[::1]:3128", "0.0.0.0:0", "[::]:65535"}) {
    const auto endpoint = Endpoint::parse(text);
    ASSERT_TRUE(endpoint) << text;
    EXPECT_EQ(endpoint->to_string(), text);
  }
  for (const std::string_view bad : {"127.0.0.1", "::1:3128", "[127.0.0.1]:1", "127.0.0.1:65536",
                                     "127.0.0.1:", "127.0.0.1:+1", "[]:1", ":1", "a.test:1"}) {
    EXPECT_FALSE(Endpoint::parse(bad)) << bad;
  }
}

TEST(Port, IsCanonicalDecimal) {
  EXPECT_EQ(parse_port("1"), 1);
  EXPECT_EQ(parse_port("65535"), 65535);
  for (const std::string_view bad : {"", "0", "65536", "080", "+80", "-1", "8o", "80 ", "999999"}) {
    EXPECT_EQ(parse_port(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace base
