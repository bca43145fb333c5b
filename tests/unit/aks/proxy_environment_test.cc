#include "aks/proxy_environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace aks {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

ParsedConfig read(std::map<std::string, std::string> variables) {
  return from_environment([&variables](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  });
}

std::vector<std::string> rules(const ParsedConfig& parsed) {
  std::vector<std::string> out;
  for (const Finding& finding : parsed.findings) {
    out.push_back(finding.path + " " + finding.rule);
  }
  return out;
}

TEST(ProxyEnvironment, ReadsWhatAksInjects) {
  const auto parsed = read({{"HTTP_PROXY", "http://p.example:3128/"},
                            {"http_proxy", "http://p.example:3128/"},
                            {"HTTPS_PROXY", "https://p.example:3129/"},
                            {"https_proxy", "https://p.example:3129/"},
                            {"NO_PROXY", "localhost,127.0.0.1, .svc,"},
                            {"no_proxy", "localhost,127.0.0.1, .svc,"}});
  ASSERT_TRUE(parsed.config);
  EXPECT_THAT(rules(parsed), IsEmpty());
  EXPECT_EQ(parsed.config->http_proxy->to_string(), "http://p.example:3128");
  EXPECT_EQ(parsed.config->https_proxy->to_string(), "https://p.example:3129");
  EXPECT_THAT(parsed.config->no_proxy, ElementsAre("localhost", "127.0.0.1", ".svc"));
}

TEST(ProxyEnvironment, NotesDisagreements) {
  const auto parsed = read({{"HTTP_PROXY", "http://a.example:1"},
                            {"http_proxy", "http://b.example:1"},
                            {"https_proxy", "http://a.example:1"},
                            {"NO_PROXY", "a"},
                            {"no_proxy", ""}});
  ASSERT_TRUE(parsed.config);
  EXPECT_EQ(parsed.config->http_proxy->to_string(), "http://a.example:1");
  EXPECT_EQ(parsed.config->https_proxy->to_string(), "http://a.example:1");
  EXPECT_THAT(rules(parsed),
              ElementsAre("HTTP_PROXY variables-differ", "HTTPS_PROXY variable-missing",
                          "no_proxy variable-missing"));
}

TEST(ProxyEnvironment, DoesNotLetHttpsFallBackToHttp) {
  const auto parsed =
      read({{"HTTP_PROXY", "http://a.example:1"}, {"http_proxy", "http://a.example:1"}});
  ASSERT_TRUE(parsed.config);
  EXPECT_FALSE(parsed.config->https_proxy);
  EXPECT_THAT(rules(parsed), ElementsAre("HTTPS_PROXY variable-https"));
}

TEST(ProxyEnvironment, NeedsAProxy) {
  const auto parsed = read({{"NO_PROXY", "a"}, {"no_proxy", "a"}});
  EXPECT_FALSE(parsed.config);
  EXPECT_THAT(rules(parsed), ElementsAre("HTTPS_PROXY variables-absent"));
}

TEST(ProxyEnvironment, NamesTheVariableOfEachFinding) {
  const auto parsed = read({{"HTTPS_PROXY", "http://u:p@a.example:1"},
                            {"https_proxy", "http://u:p@a.example:1"},
                            {"NO_PROXY", "ok,*.bad"},
                            {"no_proxy", "ok,*.bad"}});
  EXPECT_FALSE(parsed.config);
  EXPECT_THAT(rules(parsed),
              ElementsAre("HTTPS_PROXY proxy-credentials", "NO_PROXY[1] no-proxy-wildcard"));
}

}  // namespace
}  // namespace aks
