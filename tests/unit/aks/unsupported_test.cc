#include "aks/unsupported.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/aks/findings.h"

namespace aks {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> lint(const std::string& beside) {
  std::vector<Finding> findings;
  const auto document = parse_document(R"({"httpProxyConfig": {})" + beside + "}", findings);
  const Sites sites = find_sites(*document, findings);
  lint_unsupported(sites, findings);
  return aks_test::brief(findings);
}

TEST(Unsupported, LeavesOrdinaryClustersAlone) {
  EXPECT_THAT(
      lint(R"(, "windowsProfile": null, "apiServerAccessProfile": {"enablePrivateCluster": true},
                   "agentPoolProfiles": [{"osType": "Linux", "type": "VirtualMachineScaleSets"}])"),
      IsEmpty());
}

TEST(Unsupported, FindsWindowsPoolsAndNoProfile) {
  EXPECT_THAT(lint(R"(, "windowsProfile": {"adminUsername": "azureuser", "enableCsiProxy": true},
                      "agentPoolProfiles": [{"osType": "Linux"}])"),
              IsEmpty())
      << "AKS adds the profile to clusters without Windows nodes";
  EXPECT_THAT(lint(R"(, "windowsProfile": "[parameters('w')]")"), IsEmpty());
  EXPECT_THAT(lint(R"(, "agentPoolProfiles": [{}, {"osType": "windows"}])"),
              ElementsAre("error $.agentPoolProfiles[1].osType unsupported-windows"));
}

TEST(Unsupported, WarnsOfFlatcar) {
  EXPECT_THAT(lint(R"(, "agentPoolProfiles": [{"osSKU": "Ubuntu"}, {"osSKU": "Flatcar"}])"),
              ElementsAre("warning $.agentPoolProfiles[1].osSku unsupported-flatcar"));
}

TEST(Unsupported, WarnsOfTheRetiredTrustByPool) {
  EXPECT_THAT(
      lint(R"(, "agentPoolProfiles": [{"enableCustomCATrust": false}, {"enableCustomCaTrust": true},
                                      {"enableCustomCaTrust": null}])"),
      ElementsAre("warning $.agentPoolProfiles[1].enableCustomCATrust "
                  "unsupported-custom-ca-trust"));
  EXPECT_THAT(lint(R"(, "securityProfile": {"customCATrustCertificates": ["eA=="]},
                      "default_node_pool": [{"custom_ca_trust_enabled": true}])"),
              ElementsAre("warning $.default_node_pool[0].custom_ca_trust_enabled "
                          "unsupported-custom-ca-trust"));
}

TEST(Unsupported, FindsAvailabilitySets) {
  EXPECT_THAT(lint(R"(, "agentPoolProfiles": [{"type": "AvailabilitySet"}])"),
              ElementsAre("error $.agentPoolProfiles[0].type unsupported-availability-set"));
}

TEST(Unsupported, FindsAProxyOfAPool) {
  EXPECT_THAT(lint(R"(, "agentPoolProfiles": [{"httpProxyConfig": {}}])"),
              ElementsAre("error $.agentPoolProfiles[0].httpProxyConfig unsupported-pool-proxy"));
}

TEST(Unsupported, FindsAnAuthorityForTheApiServer) {
  EXPECT_THAT(
      lint(R"(, "apiServerAccessProfile": {"trustedCa": "x"})"),
      ElementsAre("error $.apiServerAccessProfile.trustedCa unsupported-api-server-authority"));
}

TEST(Unsupported, LooksAtPoolsThatAreResources) {
  std::vector<Finding> findings;
  const auto document = parse_document(R"({"resources": [
    {"type": "Microsoft.ContainerService/managedClusters", "properties": {"httpProxyConfig": {}}},
    {"type": "Microsoft.ContainerService/managedClusters/agentPools",
     "properties": {"osType": "Windows"}}]})",
                                       findings);
  lint_unsupported(find_sites(*document, findings), findings);
  EXPECT_THAT(aks_test::brief(findings),
              ElementsAre("error $.resources[1].properties.osType unsupported-windows"));
}

}  // namespace
}  // namespace aks
