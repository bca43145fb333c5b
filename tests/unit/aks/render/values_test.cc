#include "aks/render/values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/aks/render/examples.h"

namespace aks::render {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(Values, AreWhatTheFileSaysAndTheEffectiveList) {
  const Values values = values_of(example(), example_facts());
  EXPECT_EQ(values.http_proxy, "http://proxy.example:3128/");
  EXPECT_EQ(values.https_proxy, "https://proxy.example:3129");
  EXPECT_EQ(values.no_proxy, kExampleNoProxy);
  EXPECT_EQ(decode_base64(values.trusted_ca), kPem);
}

TEST(Values, AreEmptyWhenTheConfigurationIsDisabled) {
  HttpProxyConfig config = example();
  config.enabled = false;
  const Values values = values_of(config, example_facts());
  EXPECT_FALSE(values.configures_nodes());
  EXPECT_THAT(variables_of(values), IsEmpty());
}

TEST(Values, HaveBothSpellingsInTheOrderOfTheNodeScripts) {
  EXPECT_THAT(
      variables_of({"h", "s", "n", ""}),
      ElementsAre(Pair("HTTP_PROXY", "h"), Pair("http_proxy", "h"), Pair("HTTPS_PROXY", "s"),
                  Pair("https_proxy", "s"), Pair("NO_PROXY", "n"), Pair("no_proxy", "n")));
  EXPECT_THAT(variables_of({"", "s", "", ""}),
              ElementsAre(Pair("HTTPS_PROXY", "s"), Pair("https_proxy", "s")));
}

TEST(Values, WithBlanksOrControlsAreErrors) {
  for (const char* tail : {"/a b", "/a\\nb", "/a\\u0001", "/a\\u007f"}) {
    std::vector<Finding> findings;
    lint_values(parse(std::string(R"({"httpProxy": "http://p.example:3128)") + tail + "\"}"),
                findings);
    ASSERT_EQ(findings.size(), 1U) << tail;
    EXPECT_EQ(findings[0].rule, "render-blank");
    EXPECT_EQ(findings[0].severity, Severity::kError);
  }
}

TEST(Values, SayWhichFactsAreMissing) {
  std::vector<Finding> findings;
  lint_facts({}, findings);
  std::vector<std::string> flags;
  for (const Finding& finding : findings) flags.push_back(finding.path);
  EXPECT_THAT(flags, ElementsAre("--fqdn", "--vnet-cidr", "--pod-cidr", "--service-cidr"));
}

TEST(Values, AskForTheRangeThatTheNetworkHas) {
  const auto asked = [](ClusterFacts facts) {
    facts.fqdn = "demo.hcp.westeurope.azmk8s.io";
    facts.vnet_cidrs = facts.service_cidrs = {*base::Cidr::parse("10.0.0.0/16")};
    std::vector<Finding> findings;
    lint_facts(facts, findings);
    return findings.empty() ? "" : findings.front().path;
  };
  ClusterFacts facts;
  facts.pod_network = PodNetwork::kOwnRange;
  EXPECT_EQ(asked(facts), "--pod-cidr");
  facts.pod_cidrs = {*base::Cidr::parse("10.244.0.0/16")};
  EXPECT_EQ(asked(facts), "");
  facts = {};
  facts.pod_network = PodNetwork::kFlat;
  EXPECT_EQ(asked(facts), "--subnet-cidr");
  facts.subnet_cidrs = {*base::Cidr::parse("10.10.0.0/24")};
  EXPECT_EQ(asked(facts), "");
}

TEST(Values, SayWhenRegionAndNameDisagree) {
  ClusterFacts facts = example_facts();
  facts.region = "westeurope";
  std::vector<Finding> findings;
  lint_facts(facts, findings);
  for (const Finding& finding : findings) EXPECT_NE(finding.rule, "facts-region");
  facts.region = "northeurope";
  lint_facts(facts, findings);
  EXPECT_EQ(findings.back().rule, "facts-region");
}

}  // namespace
}  // namespace aks::render
