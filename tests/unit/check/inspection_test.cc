#include "check/inspection.h"

#include <gtest/gtest.h>

namespace check {
namespace {

ProbeResult reached(Inspected inspected, const std::string& authority) {
  ProbeResult result;
  result.probe.kind = ProbeKind::kConnectTls;
  result.probe.host = "mcr.example";
  result.verdict = Verdict::kPass;
  result.reason = "reached through the proxy";
  result.inspected = inspected;
  result.authority = authority;
  return result;
}

TEST(ExpectInspection, FailsWhatWasReachedUninspectedWithoutAReason) {
  ProbeResult result = reached(Inspected::kNo, "CN=Public Root");
  expect_inspection(result);
  EXPECT_EQ(result.verdict, Verdict::kFail);
  EXPECT_EQ(result.failed_in, Phase::kTls);
  EXPECT_NE(result.reason.find("CN=Public Root"), std::string::npos);
  EXPECT_NE(result.next_step.find("mcr.example"), std::string::npos);
}

TEST(ExpectInspection, LeavesWhatIsInspectedExemptForbiddenOrWithoutTlsAlone) {
  ProbeResult inspected = reached(Inspected::kYes, "CN=Inspector");
  ProbeResult exempt = reached(Inspected::kNo, "CN=Public Root");
  exempt.exemption = "listed";
  ProbeResult forbidden = reached(Inspected::kNo, "CN=Cluster CA");
  forbidden.probe.inspection = aks::Inspection::kForbidden;
  ProbeResult plain = reached(Inspected::kUnknown, "");
  plain.probe.kind = ProbeKind::kPlainHttp;
  for (ProbeResult* each : {&inspected, &exempt, &forbidden, &plain}) {
    expect_inspection(*each);
    EXPECT_EQ(each->verdict, Verdict::kPass) << inspection_words(*each);
  }
}

TEST(InspectionWords, SayByWhomOrWhyNot) {
  EXPECT_EQ(inspection_words(reached(Inspected::kYes, "CN=Inspector")), "by CN=Inspector");
  ProbeResult exempt = reached(Inspected::kNo, "CN=Public Root");
  exempt.exemption = "listed";
  EXPECT_EQ(
      inspection_words(exempt),
      "listed (tls.passthrough or AKS's documentation lists it); its chain ends in CN=Public Root");
  ProbeResult direct = reached(Inspected::kNo, "CN=Cluster CA");
  direct.probe.kind = ProbeKind::kDirectTls;
  direct.probe.route = aks::Route::kDirect;
  EXPECT_EQ(inspection_words(direct), "past the proxy; its chain ends in CN=Cluster CA");
  direct.probe.kind = ProbeKind::kDirectTcp;
  EXPECT_EQ(inspection_words(direct), "no TLS");
}

}  // namespace
}  // namespace check
