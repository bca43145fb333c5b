#include "aks/no_proxy/destination.h"

#include <gtest/gtest.h>

namespace aks::no_proxy {
namespace {

struct Case {
  const char* url;
  const char* authority;
  const char* host;
  const char* canonical;
  int port;
};

constexpr Case kCases[] = {
    {"http://Example.COM", "Example.COM", "Example.COM", "example.com", 80},
    {"HTTPS://example.com:8443/x?y#z", "example.com:8443", "example.com", "example.com", 8443},
    {"http://u:p@h:81?q", "u:p@h:81", "h", "h", 81},
    {"http://h:0/", "h:0", "h", "h", 80},
    {"http://h:/", "h:", "h", "h", 80},
    {"https://[2001:DB8:0::1]:444/", "[2001:DB8:0::1]:444", "2001:DB8:0::1", "2001:db8::1", 444},
    {"http://[::ffff:10.0.0.5]", "[::ffff:10.0.0.5]", "::ffff:10.0.0.5", "::ffff:a00:5", 80},
    {"http://b\xc3\xbc"
     "cher.example",
     "b\xc3\xbc"
     "cher.example",
     "b\xc3\xbc"
     "cher.example",
     "xn--bcher-kva.example", 80},
    {"wss://h", "h", "h", "h", 443},
    {"unknown://h", "h", "h", "h", 0},
};

TEST(Destination, IsKeptInTheSpellingsThatClientsCompare) {
  for (const Case& c : kCases) {
    const auto to = parse_destination(c.url);
    ASSERT_TRUE(to) << c.url;
    EXPECT_EQ(to->authority, c.authority);
    EXPECT_EQ(to->host, c.host);
    EXPECT_EQ(to->canonical(), c.canonical);
    EXPECT_EQ(to->port(), c.port) << c.url;
  }
}

TEST(Destination, NeedsASchemeAndAHost) {
  for (const char* url :
       {"", "example.com", "://x", "1x://h", "http://", "http:///x", "http://u@"}) {
    EXPECT_FALSE(parse_destination(url)) << url;
  }
}

TEST(Destination, OfHostAndPortSpellsThePortOnlyWhereItIsNotTheUsualOne) {
  EXPECT_EQ(make_destination("https", "h", 443).authority, "h");
  EXPECT_EQ(make_destination("https", "::1", 8443).authority, "[::1]:8443");
}

TEST(Destination, TakesAZoneForNoPartOfTheAddress) {
  EXPECT_EQ(parse_destination("http://[fe80::1%25eth0]/")->address->to_string(), "fe80::1");
  EXPECT_FALSE(parse_destination("http://10.0.0.1%25x/")->address);
}

}  // namespace
}  // namespace aks::no_proxy
