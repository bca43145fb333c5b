#include "aks/pod_variables.h"

#include <gtest/gtest.h>

namespace aks {
namespace {

std::vector<PodVariable> variables_for(const char* json, const ClusterFacts& facts = {}) {
  auto parsed = parse_http_proxy_config(json);
  EXPECT_TRUE(parsed.config.has_value());
  return pod_variables(render::values_of(parsed.config.value_or(HttpProxyConfig{}), facts));
}

TEST(PodVariables, AreThreePairsWithTheEffectiveNoProxy) {
  ClusterFacts facts;
  facts.fqdn = "demo-1a2b.hcp.westeurope.azmk8s.io";
  facts.pod_cidrs = {*base::Cidr::parse("10.244.0.0/16")};
  const char* config = R"({"httpProxy": "http://proxy.example:3128/",
      "httpsProxy": "https://proxy.example:3129", "noProxy": ["registry.example"]})";
  const std::string no_proxy =
      "registry.example,localhost,127.0.0.1,168.63.129.16,169.254.169.254,konnectivity,"
      "demo-1a2b.hcp.westeurope.azmk8s.io,10.244.0.0/16";
  EXPECT_EQ(variables_for(config, facts),
            (std::vector<PodVariable>{{"HTTP_PROXY", "http://proxy.example:3128/"},
                                      {"http_proxy", "http://proxy.example:3128/"},
                                      {"HTTPS_PROXY", "https://proxy.example:3129"},
                                      {"https_proxy", "https://proxy.example:3129"},
                                      {"NO_PROXY", no_proxy},
                                      {"no_proxy", no_proxy}}));
}

TEST(PodVariables, LeaveOutAProxyThatIsNotSet) {
  const auto variables = variables_for(R"({"httpsProxy": "http://p.example:1"})");
  ASSERT_EQ(variables.size(), 4U);
  EXPECT_EQ(variables[0].name, "HTTPS_PROXY");
}

TEST(PodVariables, AreNoneWhileTheConfigurationIsDisabled) {
  EXPECT_TRUE(variables_for(R"({"httpProxy": "http://p.example:1", "enabled": false})").empty());
}

}  // namespace
}  // namespace aks
