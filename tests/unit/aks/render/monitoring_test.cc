#include "aks/render/monitoring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/aks/render/examples.h"

namespace aks::render {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> rules(const std::vector<Finding>& findings) {
  std::vector<std::string> out;
  for (const Finding& finding : findings) out.push_back(finding.rule);
  return out;
}

TEST(Monitoring, SecretWithoutCredentialsNamesSchemeHostAndPort) {
  const json secret = json::parse(
      monitoring_secret(parse(R"({"httpProxy": "http://p.example/"})"), {}, Format::kJson));
  EXPECT_EQ(secret["kind"], "Secret");
  EXPECT_EQ(secret["metadata"]["name"], "ama-logs-secret");
  EXPECT_EQ(secret["stringData"], json::parse(R"({"PROXY": "http://p.example:80"})"));
}

TEST(Monitoring, SecretHasTheCertificateAndPrefersHttpsProxy) {
  const json secret = json::parse(monitoring_secret(example(), {}, Format::kJson));
  EXPECT_EQ(secret["stringData"]["PROXY"], "https://proxy.example:3129");
  EXPECT_EQ(secret["stringData"]["PROXYCERT.crt"], kPem);
  std::vector<Finding> findings;
  lint_monitoring(example(), {}, findings);
  EXPECT_THAT(rules(findings), ElementsAre("monitoring-certificate"));
}

TEST(Monitoring, CredentialsAreEncodedAndTheAgentsLimitsSaidWithoutRepeatingThem) {
  const HttpProxyConfig config = parse(R"({"httpProxy": "http://p.example:3128"})");
  const json secret =
      json::parse(monitoring_secret(config, Credentials{"us:er", "p@ss/\xc3\xa4"}, Format::kJson));
  EXPECT_EQ(secret["stringData"]["PROXY"], "http://us%3Aer:p%40ss%2F%C3%A4@p.example:3128");
  std::vector<Finding> findings;
  lint_monitoring(config, Credentials{"us:er", "p@ss"}, findings);
  EXPECT_THAT(rules(findings),
              ElementsAre("monitoring-credentials", "monitoring-encoding", "monitoring-encoding"));
  for (const Finding& finding : findings) {
    EXPECT_THAT(to_string(finding), Not(HasSubstr("p@ss")));
    EXPECT_THAT(to_string(finding), Not(HasSubstr("us:er")));
  }
  findings.clear();
  lint_monitoring(config, Credentials{"user-1", "Pa.ss_~2"}, findings);
  EXPECT_THAT(rules(findings), ElementsAre("monitoring-credentials"));
  lint_monitoring(config, Credentials{"user", ""}, findings);
  EXPECT_TRUE(has_errors(findings));
}

TEST(Monitoring, WarnsOfAddressesThatTheAgentCutsInTwo) {
  std::vector<Finding> findings;
  lint_monitoring(parse(R"({"httpProxy": "http://[2001:db8::1]:3128"})"), {}, findings);
  EXPECT_THAT(rules(findings), ElementsAre("monitoring-ipv6"));
}

TEST(Monitoring, SettingsKeepTheTwoProxiesApart) {
  const json settings = json::parse(monitoring_settings(
      example(), values_of(example(), example_facts()), Credentials{"u", "p"}, Format::kJson));
  EXPECT_EQ(settings["Azure"]["proxySettings"],
            (json{{"isProxyEnabled", true},
                  {"httpProxy", "http://u:p@proxy.example:3128"},
                  {"httpsProxy", "https://u:p@proxy.example:3129"},
                  {"noProxy", kExampleNoProxy},
                  {"proxyCert", kPem}}));
}

}  // namespace
}  // namespace aks::render
