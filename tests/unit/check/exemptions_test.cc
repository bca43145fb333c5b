// What a proxy keeps out of, held against the endpoint catalogue.
#include <gtest/gtest.h>

#include "aks/catalogue.h"
#include "aks/profile.h"
#include "proxy/inspect/exemption.h"

namespace {

using proxy::inspect::Exemption;

aks::Query everything(aks::Cloud cloud, const aks::Catalogue& catalogue) {
  aks::Query query;
  query.cloud = cloud;
  query.region = cloud == aks::Cloud::kPublic       ? "westeurope"
                 : cloud == aks::Cloud::kGovernment ? "usgovvirginia"
                                                    : "chinaeast2";
  query.at_least = aks::Need::kOptional;
  query.gpu = aks::Gpu::kYes;
  for (const aks::Group& group : catalogue.groups()) {
    if (group.applies == aks::Applies::kAddon) query.addons.push_back(group.name);
  }
  return query;
}

// A row that is added to the catalogue turns this red until the proxy knows of it, in both ways.
TEST(Exemptions, AreWhatTheCatalogueForbidsToInspectInEveryCloud) {
  const auto catalogue = aks::Catalogue::embedded();
  ASSERT_TRUE(catalogue);
  const config::Tls tls;
  int forbidden = 0;
  for (const aks::Cloud cloud :
       {aks::Cloud::kPublic, aks::Cloud::kChina, aks::Cloud::kGovernment}) {
    const auto selected = catalogue->select(everything(cloud, *catalogue));
    ASSERT_TRUE(selected) << selected.error().detail;
    for (const aks::Endpoint& endpoint : *selected) {
      const bool below = endpoint.form == aks::HostForm::kBelow;
      if (!below && endpoint.form != aks::HostForm::kName) continue;
      if (endpoint.transport != aks::Transport::kTcp) continue;
      const std::string host = below ? "some" + endpoint.host.substr(1) : endpoint.host;
      const bool must_not = endpoint.inspection == aks::Inspection::kForbidden;
      EXPECT_EQ(proxy::inspect::exempt_by_name(tls, host) != Exemption::kNone, must_not) << host;
      forbidden += must_not ? 1 : 0;
    }
  }
  EXPECT_GE(forbidden, 5);
}

TEST(Exemptions, ProfilesTunnelWhatMustNotBeInspected) {
  config::Policy policy;
  policy.profile = "aks:westeurope,monitor";
  ASSERT_TRUE(aks::apply_profile(policy));
  int tunnelled = 0;
  for (const config::Rule& rule : policy.profile_rules) {
    const bool forbidden = rule.hosts.front() == "*.monitoring.azure.com";
    EXPECT_EQ(rule.connect, forbidden ? config::Connect::kTunnel : config::Connect::kDefault)
        << rule.name;
    tunnelled += forbidden ? 1 : 0;
  }
  EXPECT_EQ(tunnelled, 1);
}

}  // namespace
