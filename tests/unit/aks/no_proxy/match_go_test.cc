#include "aks/no_proxy/match.h"

#include <gtest/gtest.h>

#include "aks/route.h"

namespace aks::no_proxy {
namespace {

struct Case {
  const char* list;
  UrlScheme scheme;
  const char* host;
  std::uint16_t port;
  Route route;
};

constexpr auto kDirect = Route::kDirect;
constexpr auto kProxy = Route::kProxy;
constexpr auto kHttp = UrlScheme::kHttp;
constexpr auto kHttps = UrlScheme::kHttps;

// One list with an entry of every kind, as Go's own tests assert it.
constexpr char kMixed[] =
    "foobar.com, .barbaz.net, *.wildcard.io, 192.168.1.1, 192.168.1.2:81, 192.168.1.3:80, "
    "10.0.0.0/30, 2001:db8::52:0:1, [2001:db8::52:0:2]:443, [2001:db8::52:0:3]:80, "
    "2002:db8:a::45/64";

constexpr Case kCases[] = {
    {kMixed, kHttp, "127.0.0.1", 80, kDirect},
    {kMixed, kHttp, "127.0.0.2", 80, kDirect},
    {kMixed, kHttp, "::1", 80, kDirect},
    {kMixed, kHttp, "::2", 80, kProxy},
    {kMixed, kHttp, "localhost", 80, kDirect},
    {kMixed, kHttp, "192.168.1.1", 80, kDirect},
    {kMixed, kHttp, "192.168.1.2", 80, kProxy},
    {kMixed, kHttp, "192.168.1.2", 81, kDirect},
    {kMixed, kHttp, "192.168.1.3", 80, kDirect},
    {kMixed, kHttp, "192.168.1.4", 80, kProxy},
    {kMixed, kHttp, "10.0.0.2", 80, kDirect},
    {kMixed, kHttp, "10.0.0.4", 80, kProxy},
    {kMixed, kHttp, "2001:db8::52:0:1", 80, kDirect},
    {kMixed, kHttp, "2001:db8::52:0:2", 80, kProxy},
    {kMixed, kHttps, "2001:db8::52:0:2", 0, kDirect},
    {kMixed, kHttp, "2001:db8::52:0:3", 80, kDirect},
    {kMixed, kHttp, "2002:db8:a::123", 80, kDirect},
    {kMixed, kHttp, "2002:db8:a:1::123", 80, kProxy},
    {kMixed, kHttp, "fe80::424b:c8be:1643:a1b6", 80, kProxy},
    {kMixed, kHttp, "foobar.com", 80, kDirect},
    {kMixed, kHttp, "www.foobar.com", 80, kDirect},
    {kMixed, kHttp, "foofoobar.com", 80, kProxy},
    {kMixed, kHttp, "barbaz.net", 80, kProxy},
    {kMixed, kHttp, "www.barbaz.net", 80, kDirect},
    {kMixed, kHttp, "barbarbaz.net", 80, kProxy},
    {kMixed, kHttp, "baz.com", 80, kProxy},
    {kMixed, kHttp, "localhost.net", 80, kProxy},
    {kMixed, kHttp, "wildcard.io", 80, kProxy},
    {kMixed, kHttp, "nested.wildcard.io", 80, kDirect},
    {kMixed, kHttp, "awildcard.io", 80, kProxy},
    // "*" in any place covers names and addresses.
    {"*", kHttp, "localhost", 80, kDirect},
    {"*", kHttp, "192.168.1.2", 80, kDirect},
    {"*", kHttp, "2001:db8::52:0:2", 80, kDirect},
    {"*", kHttp, "awildcard.io", 80, kDirect},
    {"foo, * ", kHttp, "example.com", 80, kDirect},
    {"*example.com", kHttp, "notexample.com", 80, kProxy},
    {"example.*", kHttp, "example.com", 80, kProxy},
    // Names.
    {"example.com", kHttp, "example.com", 0, kDirect},
    {"example.com", kHttp, "foo.example.com", 0, kDirect},
    {"EXAMPLE.com", kHttp, "example.COM", 8080, kDirect},
    {".foo.com", kHttp, "example.com", 0, kProxy},
    {"*.example.com", kHttp, "a.b.example.com", 0, kDirect},
    {"example.com.", kHttp, "example.com", 0, kProxy},
    {"example.com", kHttp, "example.com.", 0, kProxy},
    {"xn--fsq092h.com", kHttp, "www.\xe7\xa4\xba\xe4\xbe\x8b.com", 0, kDirect},
    {"b\xc3\xbc"
     "cher.example",
     kHttp, "xn--bcher-kva.example", 0, kDirect},
    // Separators.
    {",,example.com,", kHttp, "example.com", 0, kDirect},
    {"foo example.com", kHttp, "example.com", 0, kProxy},
    {"foo;example.com", kHttp, "example.com", 0, kProxy},
    {"\tfoo ,\nexample.com\r", kHttp, "example.com", 0, kDirect},
    // Ports.
    {":1", kHttp, "example.com", 80, kProxy},
    {"example.com:8080", kHttp, "example.com", 8080, kDirect},
    {"example.com:8080", kHttp, "www.example.com", 8080, kDirect},
    {"example.com:8080", kHttp, "example.com", 9090, kProxy},
    {"example.com:80", kHttp, "example.com", 0, kDirect},
    {"example.com:443", kHttps, "example.com", 0, kDirect},
    {"example.com:", kHttp, "example.com", 9090, kDirect},
    {"http://example.com", kHttp, "example.com", 0, kProxy},
    // Addresses and prefixes.
    {"10.0.0.5:8080", kHttp, "10.0.0.5", 9090, kProxy},
    {"10.0.0.", kHttp, "10.0.0.5", 0, kProxy},
    {"0.0.5", kHttp, "10.0.0.5", 0, kProxy},
    {".0.5", kHttp, "10.0.0.5", 0, kProxy},
    {"10.9.9.9/8", kHttp, "10.0.0.5", 0, kDirect},
    {"10.0.0.0/08", kHttp, "10.0.0.5", 0, kDirect},
    {"0.0.0.0/0", kHttp, "10.0.0.5", 0, kDirect},
    {"10.0.0.0/33", kHttp, "10.0.0.5", 0, kProxy},
    {"10.0.0.0/8:8080", kHttp, "10.0.0.5", 8080, kProxy},
    {"10.0.0.0/16", kHttp, "kubernetes", 0, kProxy},
    {"[2001:db8::1]", kHttp, "2001:db8::1", 0, kProxy},
    {"[2001:db8::1]:8080", kHttp, "2001:db8::1", 8080, kDirect},
    {"2001:db8:0:0::1", kHttp, "2001:db8::1", 0, kDirect},
    {"2001:db8::/33", kHttp, "2001:db8:8000::1", 0, kProxy},
    {"10.0.0.5", kHttp, "::ffff:10.0.0.5", 0, kDirect},
    {"::ffff:10.0.0.0/104", kHttp, "10.0.0.5", 0, kDirect},
    {"zzz", kHttp, "::ffff:127.0.0.1", 0, kDirect},
    // A zone is no name: CVE-2025-22870.
    {"example.com", kHttp, "1000::%.example.com", 123, kProxy},
    // What an AKS node meets.
    {".svc", kHttp, "api.default.svc", 0, kDirect},
    {".svc,.cluster.local", kHttp, "api", 0, kProxy},
    {"konnectivity", kHttps, "konnectivity", 0, kDirect},
};

Match match(const char* list, UrlScheme scheme, const char* host, std::uint16_t port) {
  const char* name = scheme == UrlScheme::kHttps ? "https" : "http";
  return match_go(list, make_destination(name, host, port), GoVersion::kCurrent);
}

TEST(MatchGo, RoutesAsGoDoes) {
  for (const Case& c : kCases) {
    const Match found = match(c.list, c.scheme, c.host, c.port);
    EXPECT_EQ(found.rule == Rule::kNoEntry ? Route::kProxy : Route::kDirect, c.route)
        << c.list << " against " << c.host << ":" << c.port;
  }
}

TEST(MatchGo, NamesTheFirstEntryThatDecides) {
  const Match found = match("foo, 10.0.0.0/8 ,10.1.2.3", kHttps, "10.1.2.3", 443);
  EXPECT_EQ(found.rule, Rule::kPrefix);
  EXPECT_EQ(found.entry, "10.0.0.0/8");
}

TEST(MatchGo, SaysWhenTheClientsOwnLoopbackRuleDecides) {
  const Match found = match("localhost", kHttp, "127.0.0.1", 0);
  EXPECT_EQ(found.rule, Rule::kLoopback);
  EXPECT_EQ(found.entry, "");
}

TEST(MatchGo, SaysThatNothingMatched) {
  EXPECT_EQ(match("", kHttp, "example.com", 0).rule, Rule::kNoEntry);
}

TEST(MatchGo, ComparedAddressesAsTextBefore2025) {
  const Destination to = make_destination("http", "10.0.0.5", 80);
  EXPECT_EQ(match_go("0.0.5", to, GoVersion::k119).rule, Rule::kAddressSuffix);
  EXPECT_EQ(match_go("0.0.5", to, GoVersion::kCurrent).rule, Rule::kNoEntry);
}

}  // namespace
}  // namespace aks::no_proxy
