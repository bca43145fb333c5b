#include "aks/no_proxy_entry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aks {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> rules(std::string_view text) {
  std::vector<Finding> findings;
  lint_no_proxy_entry(text, "$.noProxy[0]", findings);
  std::vector<std::string> out;
  for (const Finding& finding : findings) {
    EXPECT_EQ(finding.path, "$.noProxy[0]");
    out.push_back(finding.rule);
  }
  return out;
}

TEST(NoProxyEntry, ClassifiesWhatListsHold) {
  const std::pair<const char*, NoProxyKind> cases[] = {
      {"example.com", NoProxyKind::kName},
      {"Example.COM.", NoProxyKind::kName},
      {"konnectivity", NoProxyKind::kName},
      {"_srv.example", NoProxyKind::kName},
      {".svc", NoProxyKind::kDomain},
      {"10.0.0.4", NoProxyKind::kAddress},
      {"10.0.0.4:8080", NoProxyKind::kAddress},
      {"2001:db8::1", NoProxyKind::kAddress},
      {"[2001:db8::1]:443", NoProxyKind::kAddress},
      {"10.0.0.0/16", NoProxyKind::kPrefix},
      {"fd00::/8", NoProxyKind::kPrefix},
      {"*", NoProxyKind::kAll},
      {"*.example.com", NoProxyKind::kWildcard},
      {"*example.com", NoProxyKind::kUnusable},
      {"[2001:db8::1]", NoProxyKind::kUnusable},
      {"10.0.0", NoProxyKind::kUnusable},
      {"10.0.0.0/33", NoProxyKind::kUnusable},
      {"a..b", NoProxyKind::kUnusable},
      {"-a.example", NoProxyKind::kUnusable},
      {".", NoProxyKind::kUnusable},
      {"", NoProxyKind::kUnusable},
  };
  for (const auto& [text, kind] : cases) EXPECT_EQ(parse_no_proxy_entry(text).kind, kind) << text;
}

TEST(NoProxyEntry, GivesHostAndPortInOneForm) {
  const NoProxyEntry entry = parse_no_proxy_entry(" .Example.COM.:8080 ");
  EXPECT_EQ(entry.host, "example.com");
  EXPECT_EQ(entry.port, 8080);
  EXPECT_EQ(entry.kind, NoProxyKind::kDomain);
}

TEST(NoProxyEntry, FindsNothingWrongWithTheDocumentsKinds) {
  for (const char* text :
       {"localhost", "127.0.0.1", ".internal.example", "10.0.0.0/16", "fd00::1"}) {
    EXPECT_THAT(rules(text), IsEmpty()) << text;
  }
}

TEST(NoProxyEntry, NamesWhatAksOrItsClientsCannotUse) {
  EXPECT_THAT(rules("*.example.com"), ElementsAre("no-proxy-wildcard"));
  EXPECT_THAT(rules("*example.com"), ElementsAre("no-proxy-wildcard"));
  EXPECT_THAT(rules("exa*mple.com"), ElementsAre("no-proxy-wildcard"));
  EXPECT_THAT(rules("*"), ElementsAre("no-proxy-all"));
  EXPECT_THAT(rules("http://example.com/"), ElementsAre("no-proxy-url"));
  EXPECT_THAT(rules("a.example,b.example"), ElementsAre("no-proxy-separator"));
  EXPECT_THAT(rules("10.0.0.0/33"), ElementsAre("no-proxy-prefix"));
  EXPECT_THAT(rules("10.0.0.0/8:80"), ElementsAre("no-proxy-prefix"));
  EXPECT_THAT(rules("10.1.2.3/8"), ElementsAre("no-proxy-host-bits"));
  EXPECT_THAT(rules("[fd00::1]"), ElementsAre("no-proxy-brackets"));
  EXPECT_THAT(rules("exam ple"), ElementsAre("no-proxy-separator"));
  EXPECT_THAT(rules("a.example\nb.example"), ElementsAre("no-proxy-separator"));
  EXPECT_THAT(rules("a?b"), ElementsAre("no-proxy-syntax"));
  EXPECT_THAT(rules("b\xc3\xbc"
                    "cher.example"),
              ElementsAre("no-proxy-unicode"));
  EXPECT_THAT(rules(std::string(64, 'a') + ".example"), ElementsAre("no-proxy-length"));
  EXPECT_THAT(rules("my_host.example"), ElementsAre("no-proxy-underscore"));
  EXPECT_THAT(rules("Host.example"), ElementsAre("no-proxy-case"));
  EXPECT_THAT(rules("FD00::1"), ElementsAre("no-proxy-ipv6-spelling"));
  EXPECT_THAT(rules("2001:db8:0:0::1"), ElementsAre("no-proxy-ipv6-spelling"));
  EXPECT_THAT(rules("FD00::/8"), ElementsAre("no-proxy-ipv6-spelling"));
  EXPECT_THAT(rules("10.0.0.999"), ElementsAre("no-proxy-syntax"));
  EXPECT_THAT(rules("example.com:8080"), ElementsAre("no-proxy-port"));
  EXPECT_THAT(rules("flux.svc.cluster.local."), ElementsAre("no-proxy-trailing-dot"));
  EXPECT_THAT(rules("  "), ElementsAre("no-proxy-empty"));
  EXPECT_THAT(rules(" *.a.example"), ElementsAre("no-proxy-blanks", "no-proxy-wildcard"));
}

TEST(NoProxyEntry, SuggestsWhatToWriteInstead) {
  const std::pair<const char*, const char*> cases[] = {
      {" a.example", R"("a.example")"},
      {"*.a.example", R"(".a.example", "a.example")"},
      {"a.example,b.example", R"("a.example", "b.example")"},
      {"10.1.2.3/8", R"("10.0.0.0/8")"},
      {"[fd00::1]", R"("fd00::1")"},
      {"FD00:0::1", R"("fd00::1")"},
      {"https://jane:pw@a.example:443/x", R"("a.example")"},
      {".a.example:80", R"(".a.example")"},
      {"b\xc3\xbc"
       "cher.example",
       R"("xn--bcher-kva.example")"},
      {"A.example", R"("a.example")"},
      {"a.example.", R"("a.example", "a.example.")"},
  };
  for (const auto& [text, fix] : cases) {
    std::vector<Finding> findings;
    lint_no_proxy_entry(text, "$", findings);
    ASSERT_EQ(findings.size(), 1U) << text;
    EXPECT_EQ(findings[0].fix, fix) << text;
  }
}

TEST(NoProxyEntry, KeysAreEqualForSpellingsOfOneThing) {
  const auto key = [](const char* text) { return key_of(parse_no_proxy_entry(text)); };
  EXPECT_EQ(key("A.example."), key("a.example"));
  EXPECT_EQ(key("FD00:0::1"), key("fd00::1"));
  EXPECT_EQ(key("::ffff:10.0.0.4"), key("10.0.0.4"));
  EXPECT_EQ(key("10.1.2.3/8"), key("10.0.0.0/8"));
  EXPECT_NE(key(".a.example"), key("a.example"));
  EXPECT_NE(key("a.example:80"), key("a.example"));
}

TEST(NoProxyEntry, EscapesWhatItCites) {
  std::vector<Finding> findings;
  lint_no_proxy_entry("a\x1b[2J", "$.noProxy[0]", findings);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].message.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace aks
