#include "aks/no_proxy/evaluate.h"

#include <gtest/gtest.h>

namespace aks::no_proxy {
namespace {

constexpr char kProxy[] = "http://proxy.example:3128";

struct RuleCase {
  Client client;
  const char* list;
  const char* url;
  Rule rule;
  const char* entry;
};

constexpr RuleCase kRules[] = {
    {Client::kGo, "x", "http://localhost/", Rule::kLoopback, ""},
    {Client::kJava, "x", "http://127.3.3.3/", Rule::kLoopback, ""},
    {Client::kRuby, "x", "http://localhost/", Rule::kResolvedLoopback, ""},
    {Client::kRuby, "x", "http://[::1]/", Rule::kLoopback, ""},
    {Client::kUrllib, "*", "http://a/", Rule::kAll, "*"},
    {Client::kCurl788, "b a", "http://a/", Rule::kName, "a"},
    {Client::kCurl89, "b c,a", "http://a/", Rule::kNoEntry, ""},
    {Client::kCurl89, "b , a", "http://a/", Rule::kName, "a"},
    {Client::kWget, " x, .A.b", "http://c.a.B/", Rule::kBelow, ".A.b"},
    {Client::kDotnet, ".a.b", "http://a.b/", Rule::kApex, ".a.b"},
    {Client::kRequests228, "ple.com", "http://example.com/", Rule::kSuffix, "ple.com"},
    {Client::kProxyFromEnv, "*ple.com", "http://example.com/", Rule::kSuffix, "*ple.com"},
    {Client::kJava, "ex*", "http://example.com/", Rule::kGlob, "ex*"},
    {Client::kReqwest, "10.0.0.5", "http://10.0.0.5/", Rule::kAddress, "10.0.0.5"},
    {Client::kWget, "0.0.5", "http://10.0.0.5/", Rule::kAddressSuffix, "0.0.5"},
    {Client::kCurl818, "2001:db8::/33", "http://[2001:db8::1]/", Rule::kPrefix, "2001:db8::/33"},
    {Client::kNodeCore, "10.0.0.1-10.0.0.9", "http://10.0.0.5/", Rule::kRange, "10.0.0.1-10.0.0.9"},
    {Client::kHttpx, "https://a.b", "https://a.b/", Rule::kUrl, "https://a.b"},
    {Client::kHttpx, "a,fd00::/8", "http://c/", Rule::kBadEntry, "fd00::/8"},
};

TEST(Evaluate, NamesTheRuleAndTheEntry) {
  for (const RuleCase& c : kRules) {
    const Verdict verdict =
        evaluate(c.client, told_to_all(kProxy, c.list), parse_destination(c.url).value());
    EXPECT_EQ(token_of(verdict.rule), token_of(c.rule)) << token_of(c.client) << " " << c.list;
    EXPECT_EQ(verdict.entry, c.entry) << token_of(c.client) << " " << c.list;
  }
}

TEST(Evaluate, AsksWhatANameResolvesToForRubyAlone) {
  const auto told = told_to_all(kProxy, "10.0.0.0/16,192.0.2.7");
  const Destination to = parse_destination("http://kubernetes/").value();
  const auto address = [](const char* text) { return *base::IpAddress::parse(text); };
  EXPECT_EQ(evaluate(Client::kRuby, told, to, {address("10.0.0.1")}).rule, Rule::kResolvedPrefix);
  EXPECT_EQ(evaluate(Client::kRuby, told, to, {address("192.0.2.7")}).rule, Rule::kResolvedAddress);
  EXPECT_EQ(evaluate(Client::kRuby, told, to, {address("127.0.1.1")}).rule,
            Rule::kResolvedLoopback);
  EXPECT_EQ(evaluate(Client::kGo, told, to, {address("10.0.0.1")}).rule, Rule::kNoEntry);
}

struct ProxyCase {
  Client client;
  const char* proxy;
  Outcome outcome;
  Rule rule;
};

constexpr ProxyCase kProxies[] = {
    {Client::kGo, "p:1", Outcome::kProxy, Rule::kNoEntry},
    {Client::kGo, "foo://p:1", Outcome::kError, Rule::kProxyUnusable},
    {Client::kWget, "https://p:1", Outcome::kError, Rule::kProxyUnusable},
    {Client::kUrllib, "socks5://p:1", Outcome::kError, Rule::kProxyUnusable},
    {Client::kRuby, "p:1", Outcome::kError, Rule::kProxyUnusable},
    {Client::kRuby, "socks5://p:1", Outcome::kProxy, Rule::kNoEntry},
    {Client::kNodeCore, "socks5://p:1", Outcome::kDirect, Rule::kProxyDisregarded},
    {Client::kUndici7, "p:1", Outcome::kError, Rule::kProxyUnusable},
};

TEST(Evaluate, JudgesTheProxysValue) {
  for (const ProxyCase& c : kProxies) {
    const Verdict verdict =
        evaluate(c.client, told_to_all(c.proxy, "x"), parse_destination("http://a/").value());
    EXPECT_EQ(verdict.outcome, c.outcome) << token_of(c.client) << " " << c.proxy;
    EXPECT_EQ(verdict.rule, c.rule) << token_of(c.client) << " " << c.proxy;
  }
}

TEST(Evaluate, FailsBeforeTheListWhereTheClientIsSetUpWithTheProxy) {
  const auto told = told_to_all("p:1", "a");
  const Destination to = parse_destination("http://a/").value();
  EXPECT_EQ(evaluate(Client::kUndici7, told, to).outcome, Outcome::kError);
  EXPECT_EQ(evaluate(Client::kRuby, told, to).outcome, Outcome::kDirect);
}

TEST(Evaluate, KnowsEveryClientByName) {
  for (const Client client : kAllClients) {
    EXPECT_EQ(parse_client(token_of(client)), client);
    EXPECT_FALSE(describe(client).empty());
  }
  EXPECT_FALSE(parse_client("netscape"));
}

}  // namespace
}  // namespace aks::no_proxy
