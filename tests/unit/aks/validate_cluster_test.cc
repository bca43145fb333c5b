// What `validate` says about a configuration and the cluster that it is for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aks/validate.h"
#include "tests/unit/aks/findings.h"

namespace aks {
namespace {

using aks_test::brief;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Validation run(std::string_view text) { return validate(text, {base::wall_now(), {}}); }

// The findings but those about what is missing from noProxy.
std::vector<std::string> about(std::string_view text, const ValidateOptions& options) {
  Validation out = validate(text, options);
  std::erase_if(out.findings, [](const Finding& each) {
    return each.rule == "no-proxy-services" || each.rule == "proxy-https-default";
  });
  return brief(out.findings);
}
std::vector<std::string> about(std::string_view text) {
  return about(text, {base::wall_now(), {}});
}

TEST(ValidateCluster, FindsNothingWrongWithLiveClusters) {
  for (const char* name : {"show_overlay.json", "show_flat.json", "show_private.json",
                           "get_private.json", "graph_rows.json"}) {
    EXPECT_THAT(about(aks_test::corpus(name)), IsEmpty()) << name;
  }
  EXPECT_THAT(about(aks_test::corpus("list.json")),
              ElementsAre("note $[1].httpProxyConfig config-none"));
  EXPECT_EQ(run(aks_test::corpus("graph_rows.json")).configs.size(), 2U);
}

TEST(ValidateCluster, TakesKeysThatAzurePrintsForNewOnes) {
  std::string text = aks_test::corpus("show_flat.json");
  text.replace(text.find("\"httpProxy\""), 11, "\"someNewKey\": {}, \"httpProxy\"");
  EXPECT_THAT(brief(run(text).findings),
              ElementsAre("note $.httpProxyConfig.someNewKey config-unknown-key"));
}

TEST(ValidateCluster, TakesFactsFromTheClusterItself) {
  std::string text = aks_test::corpus("show_private.json");
  text.replace(text.find("\".cluster.local\""), 16, "\"x.example\"");
  EXPECT_THAT(brief(run(text).findings),
              Contains("warning $.httpProxyConfig.noProxy no-proxy-services"));
  // What AKS computed itself counts: there the names are in.
  text = aks_test::corpus("show_flat.json");
  text.replace(text.find("\".cluster.local\""), 16, "\"x.example\"");
  EXPECT_THAT(brief(run(text).findings),
              Contains("warning $.httpProxyConfig.noProxy no-proxy-services"));
}

TEST(ValidateCluster, SaysWhatANetworkIsolatedClusterNeeds) {
  const Validation out = run(aks_test::corpus("show_isolated.json"));
  EXPECT_THAT(
      brief(out.findings),
      ::testing::UnorderedElementsAre("warning $.httpProxyConfig.noProxy no-proxy-private-registry",
                                      "note $.httpProxyConfig.noProxy network-isolated"));
  EXPECT_THAT(aks_test::messages(out.findings), ::testing::HasSubstr("\"contoso\""));
}

std::string with_no_proxy(const std::string& entries) {
  return R"({"httpProxy": "http://p.example:3128", "noProxy": [".svc", ".cluster.local")" +
         (entries.empty() ? "" : ", " + entries) + "]}";
}

TEST(ValidateCluster, HoldsNoProxyAgainstTheCatalogue) {
  for (const char* entry :
       {".azure.com", "login.microsoftonline.com", "mcr.microsoft.com", "microsoft.com",
        ".data.mcr.microsoft.com", "westeurope.data.mcr.microsoft.com", "packages.aks.azure.com",
        "management.chinacloudapi.cn", "login.microsoftonline.us"}) {
    EXPECT_THAT(about(with_no_proxy(json_string(entry))),
                ElementsAre("warning $.noProxy[2] no-proxy-required"))
        << entry;
  }
  for (const char* entry :
       {"contoso.azurecr.io", ".hcp.westeurope.azmk8s.io", ".azurecr.io", ".corp.example",
        "demo.privatelink.westeurope.azmk8s.io", ".privatelink.azurecr.io", "x.mcr.microsoft.com",
        "10.0.0.0/8", ".blob.core.windows.net", ".privatelink.blob.core.windows.net"}) {
    EXPECT_THAT(about(with_no_proxy(json_string(entry))), IsEmpty()) << entry;
  }
  ValidateOptions options{base::wall_now(), {}};
  options.facts.known = Facts::Known::kYes;
  options.facts.cluster.region = "westeurope";
  EXPECT_THAT(about(with_no_proxy("\".ods.opinsights.azure.com\""), options), IsEmpty());
  options.facts.traits.addons = {"monitor"};
  EXPECT_THAT(about(with_no_proxy("\".ods.opinsights.azure.com\""), options),
              ElementsAre("warning $.noProxy[2] no-proxy-required"));
  EXPECT_THAT(about(with_no_proxy("\"management.chinacloudapi.cn\""), options), IsEmpty())
      << "another cloud's";
  options.facts.traits.outbound_type = "none";
  EXPECT_THAT(about(with_no_proxy("\"mcr.microsoft.com\""), options),
              ElementsAre("note $.noProxy network-isolated"));
}

TEST(ValidateCluster, TakesWhatHoldsEverythingForAnAsterisk) {
  for (const char* entry : {"*", "0.0.0.0/0", "::/0", ".com", "com", ".net"}) {
    EXPECT_THAT(about(with_no_proxy(json_string(entry))),
                ElementsAre("warning $.noProxy[2] no-proxy-all"))
        << entry;
  }
}

TEST(ValidateCluster, CountsTheOctetsOfNoProxy) {
  // ".svc,.cluster.local," and what AKS adds to every cluster take 83 octets with their commas.
  const auto sized = [](size_t octets) {
    std::string entries;
    for (size_t left = octets; left > 0;) {
      const size_t size = left > 200 ? 100 : left;
      std::string label(size - 1, 'a');
      for (size_t dot = 50; dot < label.size(); dot += 51) label[dot] = '.';
      const std::string number = std::to_string(left);
      label.replace(0, number.size(), number);
      entries += (entries.empty() ? "" : ", ") + json_string(label);
      left -= size;
    }
    Validation out = run(with_no_proxy(entries));
    return std::any_of(out.findings.begin(), out.findings.end(),
                       [](const Finding& each) { return each.rule == "no-proxy-size"; });
  };
  constexpr size_t kRest = 20 + 62;
  EXPECT_FALSE(sized(131'062 - kRest));
  EXPECT_TRUE(sized(131'063 - kRest));
}

TEST(ValidateCluster, FindsAProxyInsideTheCluster) {
  ValidateOptions options{base::wall_now(), {}};
  options.facts.known = Facts::Known::kYes;
  options.facts.cluster.pod_cidrs = {*base::Cidr::parse("10.244.0.0/16")};
  options.facts.cluster.service_cidrs = {*base::Cidr::parse("10.0.0.0/16")};
  const auto at = [&](const std::string& host) {
    return about(
        R"({"httpProxy": "http://)" + host + R"(:3128", "noProxy": [".svc", ".cluster.local"]})",
        options);
  };
  EXPECT_THAT(at("10.244.3.4"), ElementsAre("error $.httpProxy proxy-in-range"));
  EXPECT_THAT(at("10.0.0.10"), ElementsAre("error $.httpProxy proxy-in-range"));
  EXPECT_THAT(at("10.224.0.10"), IsEmpty());
  EXPECT_THAT(at("proxy-.contoso.com"), ElementsAre("warning $.httpProxy proxy-hyphen"));
  EXPECT_THAT(at("-proxy.contoso.com"), ElementsAre("warning $.httpProxy proxy-hyphen"));
}

// The verified module's form: a function makes the pools from a parameter.
constexpr const char* kMapped = R"({
  "parameters": {"pools": {"type": "array"%s}},
  "resources": [{"type": "Microsoft.ContainerService/managedClusters", "properties": {
    "httpProxyConfig": {"httpsProxy": "http://172.16.0.4:3128", "noProxy": [".svc", ".cluster.local"]},
    "agentPoolProfiles": "[map(parameters('pools'), lambda('p', createObject('osType', coalesce(tryGet(lambdaVariables('p'), 'osType'), 'Linux'))))]"}}]})";

std::string mapped(const std::string& pools) {
  std::string text = kMapped;
  return text.replace(text.find("%s"), 2, pools);
}

TEST(ValidateCluster, LooksAtPoolsThatATemplateComputes) {
  const std::string pools = "$.resources[0].properties.agentPoolProfiles";
  EXPECT_THAT(about(mapped(R"(, "defaultValue": [{}, {"osType": "Windows"}])")),
              ElementsAre("error " + pools + "[1].osType unsupported-windows"));
  EXPECT_THAT(about(mapped(R"(, "defaultValue": [{}, {"osType": "Linux"}])")), IsEmpty());
  EXPECT_THAT(about(mapped("")), ElementsAre("note " + pools + " template-pools"));
  std::vector<Finding> ignored;
  EXPECT_THAT(about(mapped(""), {base::wall_now(),
                                 {},
                                 std::nullopt,
                                 parse_parameters(R"({"parameters": {"pools": {"value":
                                     [{"osType": "windows"}]}}})",
                                                  ignored)}),
              ElementsAre("error " + pools + "[0].osType unsupported-windows"));
}

}  // namespace
}  // namespace aks
