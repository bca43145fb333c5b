// One document of each shape in which people have a configuration, as their tools write them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aks/validate.h"
#include "tests/unit/aks/findings.h"

namespace aks {
namespace {

using ::testing::ElementsAreArray;

struct Case {
  const char* file;
  size_t configs;
  std::vector<std::string> findings;
};

const std::vector<Case>& cases() {
  static const std::string kByHand = "$.resources[0].properties.httpProxyConfig.";
  static const std::string kBicep =
      "$.resources[0].properties.template.resources.managedCluster.properties.httpProxyConfig";
  static const std::vector<Case> all = {
      {"template_by_hand.json",
       1,
       {"note " + kByHand + "httpProxy template-default",
        "note " + kByHand + "httpsProxy template-default",
        "note " + kByHand + "noProxy template-default",
        "note " + kByHand + "trustedCa template-expression"}},
      {"template_of_bicep.json",
       1,
       {"note " + kBicep + ".httpProxy proxy-https-default",
        "note " + kBicep + " template-default"}},
      {"template_module.json",
       0,
       {"note $.resources.managedCluster.properties.agentPoolProfiles template-pools",
        "note $.resources.managedCluster.properties.httpProxyConfig template-expression",
        "note $.resources.pools.properties.osType template-pools"}},
      {"parameters.json", 1, {}},
      {"build_params.json",
       1,
       {"note $.templateJson.resources.managedCluster.properties.httpProxyConfig.httpProxy "
        "proxy-https-default"}},
      {"terraform_plan.json",
       2,
       {"note $.resource_changes[0].change.after.http_proxy_config[0].trusted_ca "
        "template-expression",
        "note $.resource_changes[2].change.after.body.properties.httpProxyConfig.httpProxy "
        "proxy-https-default"}},
      {"terraform_state.json", 1, {}},
      {"capz.yaml", 1, {"note $[1].spec.httpProxyConfig.trustedCa template-expression"}},
      {"aso.yaml", 1, {"note $.spec.httpProxyConfig.httpProxy proxy-https-default"}},
  };
  return all;
}

TEST(ValidateCorpus, IsReadAsItIsMeant) {
  for (const Case& each : cases()) {
    const Validation out = validate(aks_test::corpus(each.file), {base::wall_now(), {}});
    EXPECT_EQ(out.configs.size(), each.configs) << each.file;
    EXPECT_THAT(aks_test::brief(out.findings), ElementsAreArray(each.findings)) << each.file;
    for (const HttpProxyConfig& config : out.configs)
      EXPECT_EQ(config.http_proxy->to_string(), "http://proxy.corp.example:3128") << each.file;
    for (const Finding& finding : out.findings) EXPECT_GT(finding.line, 0) << each.file;
  }
}

TEST(ValidateCorpus, TakesParametersForATemplate) {
  std::vector<Finding> findings;
  ValidateOptions options{base::wall_now(), {}};
  options.parameters = parse_parameters(aks_test::corpus("parameters.json"), findings);
  const Validation out = validate(aks_test::corpus("template_module.json"), options);
  EXPECT_EQ(out.configs.size(), 1U);
  EXPECT_THAT(aks_test::brief(out.findings), ::testing::IsEmpty());
}

TEST(ValidateCorpus, SurvivesEveryTruncation) {
  for (const Case& each : cases()) {
    const std::string whole = aks_test::corpus(each.file);
    for (size_t length = 0; length < whole.size(); length += 1 + length / 64) {
      const Validation out = validate(whole.substr(0, length), {base::wall_now(), {}});
      EXPECT_FALSE(out.findings.empty() && out.configs.empty()) << each.file << " " << length;
    }
  }
}

}  // namespace
}  // namespace aks
