#include "aks/pod_variables.h"

#include <gtest/gtest.h>

namespace aks {
namespace {

HttpProxyConfig config_of(const char* json) {
  auto parsed = parse_http_proxy_config(json);
  EXPECT_TRUE(parsed.config.has_value());
  return parsed.config.value_or(HttpProxyConfig{});
}

TEST(PodVariables, AreThreePairsWithTheEffectiveNoProxy) {
  ClusterFacts facts;
  facts.fqdn = "demo-1a2b.hcp.westeurope.azmk8s.io";
  facts.pod_cidrs = {*base::Cidr::parse("10.244.0.0/16")};
  const auto config = config_of(R"({"httpProxy": "http://proxy.example:3128/",
      "httpsProxy": "https://proxy.example:3129/", "noProxy": ["registry.example"]})");
  const std::string no_proxy =
      "registry.example,localhost,127.0.0.1,168.63.129.16,169.254.169.254,konnectivity,"
      "demo-1a2b.hcp.westeurope.azmk8s.io,10.244.0.0/16";
  EXPECT_EQ(pod_variables(config, facts),
            (std::vector<PodVariable>{{"http_proxy", "http://proxy.example:3128"},
                                      {"HTTP_PROXY", "http://proxy.example:3128"},
                                      {"https_proxy", "https://proxy.example:3129"},
                                      {"HTTPS_PROXY", "https://proxy.example:3129"},
                                      {"no_proxy", no_proxy},
                                      {"NO_PROXY", no_proxy}}));
}

TEST(PodVariables, LeaveOutAProxyThatIsNotSet) {
  const auto variables = pod_variables(config_of(R"({"httpsProxy": "http://p.example:1"})"), {});
  ASSERT_EQ(variables.size(), 4U);
  EXPECT_EQ(variables[0].name, "https_proxy");
}

TEST(PodVariables, AreNoneWhileTheConfigurationIsDisabled) {
  const auto config = config_of(R"({"httpProxy": "http://p.example:1", "enabled": false})");
  EXPECT_TRUE(pod_variables(config, {}).empty());
}

}  // namespace
}  // namespace aks
