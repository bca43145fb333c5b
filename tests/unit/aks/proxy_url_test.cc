#include "aks/proxy_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aks {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Outcome {
  std::optional<ProxyUrl> url;
  std::vector<Finding> findings;
  std::vector<std::string> rules;
};

Outcome parse(std::string_view text, ProxyUrlUse use = ProxyUrlUse::kHttpProxy) {
  Outcome out;
  out.url = parse_proxy_url(text, use, "$.httpProxy", out.findings);
  for (const Finding& finding : out.findings) out.rules.push_back(finding.rule);
  return out;
}

TEST(ProxyUrl, AcceptsBothSpellingsOfTheDocument) {
  for (const char* text : {"http://proxy.example:8080", "http://proxy.example:8080/"}) {
    const Outcome out = parse(text);
    ASSERT_TRUE(out.url) << text;
    EXPECT_EQ(out.url->to_string(), "http://proxy.example:8080");
    EXPECT_THAT(out.rules, IsEmpty());
  }
}

TEST(ProxyUrl, AcceptsAddresses) {
  EXPECT_EQ(parse("http://10.0.0.4:3128").url->to_string(), "http://10.0.0.4:3128");
  EXPECT_EQ(parse("http://[2001:db8::1]:3128").url->to_string(), "http://[2001:db8::1]:3128");
}

TEST(ProxyUrl, TakesHttpsForHttpsProxyOnly) {
  EXPECT_FALSE(parse("https://proxy.example:3129").url);
  EXPECT_THAT(parse("https://proxy.example:3129").rules, ElementsAre("proxy-scheme"));
  const Outcome out = parse("HTTPS://proxy.example:3129", ProxyUrlUse::kHttpsProxy);
  ASSERT_TRUE(out.url);
  EXPECT_EQ(out.url->scheme, ProxyScheme::kHttps);
}

TEST(ProxyUrl, RefusesCredentialsWithoutRepeatingThem) {
  for (const char* text :
       {"http://jane:hun@ter2@proxy.example:8080", "http://jane:hun/ter2@proxy.example:8080"}) {
    const Outcome out = parse(text);
    EXPECT_FALSE(out.url);
    EXPECT_THAT(out.rules, ElementsAre("proxy-credentials"));
    EXPECT_EQ(out.findings[0].message.find("hun"), std::string::npos);
    EXPECT_EQ(out.findings[0].message.find("jane"), std::string::npos);
  }
}

TEST(ProxyUrl, ReportsEverythingAtOnce) {
  EXPECT_THAT(
      parse(" ftp://a:b@proxy_example:99999/x").rules,
      ElementsAre("proxy-blanks", "proxy-scheme", "proxy-credentials", "proxy-path", "proxy-host"));
}

TEST(ProxyUrl, RefusesWhatIsNoHostAndPort) {
  for (const char* text : {"http://", "http://:3128", "http://proxy.example:0", "http://127.1:80",
                           "http://[::1:80", "http://pro xy:80", "http://proxy..example:80"}) {
    EXPECT_FALSE(parse(text).url) << text;
    EXPECT_THAT(parse(text).rules, ElementsAre("proxy-host")) << text;
  }
}

TEST(ProxyUrl, WarnsOfAPathAndGoesOnWithoutIt) {
  for (const char* text : {"http://proxy.example:3128/x", "http://proxy.example:3128?x",
                           "http://proxy.example:3128//", "http://proxy.example:3128#x"}) {
    const Outcome out = parse(text);
    ASSERT_TRUE(out.url) << text;
    EXPECT_EQ(out.url->to_string(), "http://proxy.example:3128") << text;
    EXPECT_THAT(out.rules, ElementsAre("proxy-path")) << text;
  }
}

TEST(ProxyUrl, SuggestsTheUrlThatMendsIt) {
  const std::pair<const char*, const char*> cases[] = {
      {"https://jane:pw@proxy.example:3128/x", R"("http://proxy.example:3128")"},
      {"proxy.example:3128", R"("http://proxy.example:3128")"},
      {" http://PROXY.example:3128", R"("http://proxy.example:3128")"},
      {"ftp://proxy.example:3128", R"("http://proxy.example:3128")"},
      {"http://proxy.example", ""},
  };
  for (const auto& [text, fix] : cases) {
    const Outcome out = parse(text);
    ASSERT_FALSE(out.findings.empty()) << text;
    for (const Finding& finding : out.findings) EXPECT_EQ(finding.fix, fix) << text;
  }
}

TEST(ProxyUrl, WarnsOfWhatNodesAndPodsWillNotReach) {
  const std::pair<const char*, const char*> cases[] = {
      {"http://proxy.example:80", "proxy-port-web"},
      {"http://proxy.example:443", "proxy-port-web"},
      {"http://proxy.egress.svc.cluster.local:3128", "proxy-in-cluster"},
      {"http://proxy.egress.svc:3128", "proxy-in-cluster"},
      {"http://proxy:3128", "proxy-short-name"},
      {"http://my_proxy.example:3128", "proxy-underscore"},
      {"http://0.0.0.0:3128", "proxy-loopback"},
  };
  for (const auto& [text, rule] : cases) {
    EXPECT_TRUE(parse(text).url) << text;
    EXPECT_THAT(parse(text).rules, ElementsAre(rule)) << text;
    EXPECT_THAT(parse(text, ProxyUrlUse::kVariable).rules, IsEmpty()) << text;
  }
}

TEST(ProxyUrl, WarnsOfAMissingPort) {
  const Outcome out = parse("http://proxy.example");
  ASSERT_TRUE(out.url);
  EXPECT_EQ(out.url->authority.port, 80);
  EXPECT_THAT(out.rules, ElementsAre("proxy-port"));
  EXPECT_THAT(parse("http://[2001:db8::1]").rules, ElementsAre("proxy-port"));
}

TEST(ProxyUrl, NeedsASchemeExceptInVariables) {
  EXPECT_FALSE(parse("proxy.example:3128").url);
  const Outcome out = parse("proxy.example:3128", ProxyUrlUse::kVariable);
  ASSERT_TRUE(out.url);
  EXPECT_EQ(out.url->to_string(), "http://proxy.example:3128");
  EXPECT_EQ(out.findings[0].severity, Severity::kWarning);
}

TEST(ProxyUrl, WarnsOfALoopbackProxyForACluster) {
  for (const char* text : {"http://localhost:3128", "http://127.0.0.1:3128", "http://[::1]:3128"}) {
    EXPECT_THAT(parse(text).rules, ElementsAre("proxy-loopback")) << text;
    EXPECT_THAT(parse(text, ProxyUrlUse::kVariable).rules, IsEmpty()) << text;
  }
}

}  // namespace
}  // namespace aks
