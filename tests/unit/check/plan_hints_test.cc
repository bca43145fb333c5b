#include "check/plan_hints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace check {
namespace {

using ::testing::HasSubstr;

Probe probe() {
  Probe probe;
  probe.name = "*.data.example:443";
  probe.kind = ProbeKind::kConnectTls;
  probe.host = "eastus.data.example";
  probe.port = 443;
  probe.why = "image blobs";
  std::vector<aks::Finding> findings;
  probe.proxy =
      aks::parse_proxy_url("https://p.example:3129", aks::ProxyUrlUse::kHttpsProxy, "$", findings);
  return probe;
}

TEST(PlanHints, AreSentencesInPrintableAscii) {
  for (int i = 0; i <= static_cast<int>(Trouble::kProxySawIt); ++i) {
    const std::string hint = hint_for(probe(), static_cast<Trouble>(i));
    EXPECT_GT(hint.size(), 20U) << i;
    EXPECT_EQ(hint.back(), '.') << hint;
    for (const char c : hint) EXPECT_TRUE(c >= ' ' && c <= '~') << hint;
  }
}

TEST(PlanHints, NameWhatToAllowAndWhere) {
  EXPECT_EQ(hint_for(probe(), Trouble::kProxyDenied),
            "Allow eastus.data.example on port 443 at the proxy: image blobs.");
  EXPECT_THAT(hint_for(probe(), Trouble::kProxyUnreachable), HasSubstr("https://p.example:3129"));
}

TEST(PlanHints, DoNotBlameTheProxyForAnInventedName) {
  Probe invented = probe();
  EXPECT_THAT(hint_for(invented, Trouble::kProxyDns), HasSubstr("name servers"));
  invented.example = aks::ExampleSource::kInvented;
  EXPECT_THAT(hint_for(invented, Trouble::kProxyDns), HasSubstr("--name *.data.example=HOST"));
}

TEST(PlanHints, TellWhichAuthorityIsMissing) {
  EXPECT_THAT(hint_for(probe(), Trouble::kTlsUntrusted), HasSubstr("trustedCa"));
  Probe direct = probe();
  direct.route = aks::Route::kDirect;
  EXPECT_THAT(hint_for(direct, Trouble::kTlsUntrusted), HasSubstr("nothing should stand between"));
  direct.trust = Trust::kClusterCa;
  EXPECT_THAT(hint_for(direct, Trouble::kTlsUntrusted), HasSubstr("--cluster-ca"));
}

}  // namespace
}  // namespace check
