#include "proxy/inspect/exemption.h"

#include <gtest/gtest.h>

namespace proxy::inspect {
namespace {

TEST(Exemption, NamesAloneExemptApiServersAndWhatIsListed) {
  config::Tls tls;
  tls.passthrough = {".bank.test"};
  EXPECT_EQ(exempt_by_name(tls, "www.bank.test"), Exemption::kListed);
  EXPECT_EQ(exempt_by_name(tls, "demo.hcp.westeurope.azmk8s.io"), Exemption::kApiServer);
  EXPECT_EQ(exempt_by_name(tls, "x.privatelink.westeurope.azmk8s.io"), Exemption::kApiServer);
  EXPECT_EQ(exempt_by_name(tls, "x.hcp.chinaeast2.cx.prod.service.azk8s.cn"),
            Exemption::kApiServer);
  EXPECT_EQ(exempt_by_name(tls, "global.monitoring.azure.com"), Exemption::kListed);
  EXPECT_EQ(exempt_by_name(tls, "azmk8s.io.evil.test"), Exemption::kNone);
  EXPECT_EQ(exempt_by_name(tls, "mcr.microsoft.com"), Exemption::kNone);
}

TEST(Exemption, ForceLiftsWhatIsExemptByNatureButNotWhatIsListed) {
  config::Tls tls;
  tls.force = {".westeurope.azmk8s.io"};
  EXPECT_EQ(exempt_by_name(tls, "demo.hcp.westeurope.azmk8s.io"), Exemption::kNone);
  tls.passthrough = {"demo.hcp.westeurope.azmk8s.io"};
  EXPECT_EQ(exempt_by_name(tls, "demo.hcp.westeurope.azmk8s.io"), Exemption::kListed);
}

TEST(Exemption, HttpIsWhatAClientOffersOrMayMeanByOfferingNothing) {
  EXPECT_TRUE(offers_http({}));
  EXPECT_TRUE(offers_http({"h2"}));
  EXPECT_TRUE(offers_http({"other/1", "http/1.1"}));
  EXPECT_FALSE(offers_http({"acme-tls/1"}));
  EXPECT_FALSE(offers_http({"http/1.0", "H2", "h2c"}));
}

}  // namespace
}  // namespace proxy::inspect
