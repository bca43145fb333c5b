#include "config/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/config/messages.h"

namespace config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using namespace std::chrono_literals;

TEST(Check, RuleNamesAreUnique) {
  EXPECT_THAT(problems_of("policy:\n  rules:\n    - {name: a, action: deny, ports: [1]}\n"
                          "    - {name: a, action: deny, ports: [2]}\n"),
              ElementsAre("sluice.yaml:4: policy.rules[1].name is \"a\", the same as "
                          "policy.rules[0].name; give every rule a name of its own"));
}

TEST(Check, ARuleWithoutConditionsMayOnlyBeTheLast) {
  EXPECT_THAT(
      problems_of("policy:\n  rules:\n    - {name: a, action: deny}\n"
                  "    - {name: b, action: deny, ports: [2]}\n"),
      ElementsAre(AllOf(StartsWith("sluice.yaml:3: policy.rules[0] (\"a\") has no condition"),
                        HasSubstr("move it to the end"))));
  EXPECT_THAT(problems_of("policy:\n  rules:\n    - {name: b, action: deny, ports: [2]}\n"
                          "    - {name: a, action: deny}\n"),
              IsEmpty());
}

TEST(Check, ARuleWithoutConditionsWouldHideAProfile) {
  EXPECT_THAT(problems_of("policy:\n  profile: aks:westeurope\n  rules:\n"
                          "    - {name: a, action: allow}\n"),
              ElementsAre(HasSubstr("(\"a\") has no condition")));
}

TEST(Check, AProfileDeniesTheRest) {
  const Loaded loaded = load_text("policy: {profile: aks:westeurope}\n", "sluice.yaml");
  EXPECT_THAT(sentences(loaded.problems), IsEmpty());
  EXPECT_EQ(loaded.config.policy.default_action, Action::kDeny);
  EXPECT_THAT(problems_of("policy: {profile: aks:westeurope, default_action: allow}\n"),
              ElementsAre(AllOf(StartsWith("sluice.yaml:1: policy.default_action is allow"),
                                HasSubstr("aks:westeurope"))));
}

TEST(Check, ReportOnlyIsAWarning) {
  EXPECT_THAT(problems_of("policy: {enforce: report}\n"),
              ElementsAre(HasSubstr("warning: policy.enforce is report")));
  EXPECT_THAT(problems_of("policy: {enforce: enforce}\n"), IsEmpty());
}

TEST(Check, ListenersAreUniqueAndPresent) {
  EXPECT_THAT(problems_of("listen: [127.0.0.1:1, \"[::1]:1\", 127.0.0.1:1]\n"),
              ElementsAre("sluice.yaml:1: listen[2] is \"127.0.0.1:1\", the same as listen[0]; "
                          "remove one"));
  EXPECT_THAT(problems_of("listen: [127.0.0.1:0, 127.0.0.1:0]\n"), IsEmpty());
  EXPECT_THAT(problems_of("listen: []\n"), ElementsAre(HasSubstr("at least one address")));
  EXPECT_THAT(problems_of("listen: [127.0.0.1:3129]\n"),
              ElementsAre(HasSubstr("admin.listen is \"127.0.0.1:3129\", the same as listen[0]")));
}

TEST(Check, AdminBeyondLoopbackNeedsAToken) {
  EXPECT_THAT(problems_of("admin: {listen: 0.0.0.0:3129}\n"),
              ElementsAre(AllOf(StartsWith("sluice.yaml:1: admin.listen is \"0.0.0.0:3129\""),
                                HasSubstr("SLUICE_ADMIN__TOKEN"))));
  EXPECT_THAT(problems_of("admin: {listen: 0.0.0.0:3129, token: 0123456789abcdef}\n"), IsEmpty());
  EXPECT_THAT(problems_of("admin: {listen: \"[::1]:3129\"}\n"), IsEmpty());
  EXPECT_THAT(problems_of("admin: {listen: \"[::ffff:127.0.0.1]:3129\"}\n"), IsEmpty());
}

TEST(Check, AnOpenProxyIsAWarning) {
  EXPECT_THAT(
      problems_of("listen: [0.0.0.0:3128]\npolicy: {clients: [10.0.0.0/8, 0.0.0.0/0]}\n"),
      ElementsAre(StartsWith("sluice.yaml:2: warning: policy.clients[1] is \"0.0.0.0/0\"")));
  EXPECT_THAT(problems_of("listen: [\"[::]:3128\"]\npolicy: {clients: [::/0]}\n"),
              ElementsAre(HasSubstr("warning: policy.clients[0]")));
  EXPECT_THAT(problems_of("policy: {clients: [0.0.0.0/0]}\n"), IsEmpty());
  EXPECT_THAT(problems_of("listen: [0.0.0.0:3128]\n"), IsEmpty());
}

TEST(Check, WarnsOfWhoeverMayNameAnyClient) {
  EXPECT_THAT(
      problems_of("proxy_protocol: {from: [10.0.0.4, '::/0']}\n"),
      ElementsAre(StartsWith("sluice.yaml:1: warning: proxy_protocol.from[1] is \"::/0\"")));
}

TEST(Check, WarnsOfNoClientsAndOfOpenMetadata) {
  EXPECT_THAT(problems_of("policy: {clients: []}\n"),
              ElementsAre(HasSubstr("warning: policy.clients")));
  EXPECT_THAT(problems_of("policy: {allow_metadata: true}\n"),
              ElementsAre(HasSubstr("warning: policy.allow_metadata")));
}

TEST(Check, DnsOverridesAreUniqueAndHaveAddresses) {
  EXPECT_THAT(problems_of("dns:\n  hosts:\n    - {name: A.b., addresses: [10.0.0.1]}\n"
                          "    - {name: a.b, addresses: []}\n"),
              ElementsAre(HasSubstr("dns.hosts[1].name is \"a.b\", the same as dns.hosts[0].name"),
                          HasSubstr("dns.hosts[1].addresses is empty")));
}

TEST(SettleBounds, ReportsAValueAboveItsBound) {
  EXPECT_THAT(problems_of("dns: {min_ttl: 2m, max_ttl: 1m}\n"),
              ElementsAre("sluice.yaml:1: dns.min_ttl is \"2m\", more than dns.max_ttl, which is "
                          "\"1m\"; lower the first or raise the second"));
}

TEST(SettleBounds, LowersADefaultWithItsBound) {
  const Loaded loaded =
      load_text("dns: {max_ttl: 1s}\nlimits: {head_bytes: 8KiB, pool_total: 10}\n", "sluice.yaml");
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.config.dns.min_ttl, 1s);
  EXPECT_EQ(loaded.config.limits.request_line_bytes, 8U * 1024);
  EXPECT_EQ(loaded.config.limits.field_bytes, 8U * 1024);
  EXPECT_EQ(loaded.config.limits.pool_per_origin, 10U);
}

TEST(Check, TlsListenersNeedCertificatesAndPortsOfTheirOwn) {
  EXPECT_THAT(problems_of("tls: {listen: [\"127.0.0.1:3130\"]}\n"),
              ElementsAre(HasSubstr("tls.listen needs tls.certificates")));
  EXPECT_THAT(problems_of("listen: [\"127.0.0.1:3130\"]\ntls:\n  listen: [\"127.0.0.1:3130\"]\n"
                          "  certificates: [{certificate: a, key: b}]\n"),
              ElementsAre(HasSubstr("tls.listen[0] is \"127.0.0.1:3130\", the same as listen[0]")));
  EXPECT_THAT(problems_of("listen: []\ntls:\n  listen: [\"127.0.0.1:3130\"]\n"
                          "  certificates: [{certificate: a, key: b}]\n"),
              IsEmpty());
}

TEST(Check, InspectionNeedsACaAndItsKey) {
  EXPECT_THAT(problems_of("tls: {connect: inspect}\n"),
              ElementsAre(HasSubstr("tls.connect needs an inspection CA")));
  EXPECT_THAT(problems_of("tls: {ca_certificate: /ca.pem}\n"),
              ElementsAre(HasSubstr("tls.ca_key is missing beside tls.ca_certificate")));
  EXPECT_THAT(problems_of("policy:\n  rules:\n    - {name: a, action: allow, hosts: [b.test], "
                          "connect: peek}\n"),
              ElementsAre(HasSubstr("policy.rules[0].connect needs an inspection CA")));
}

TEST(Check, RulesThatCanJudgeNothingAreWarnedOf) {
  EXPECT_THAT(problems_of("policy:\n  rules:\n    - {name: a, action: deny, hosts: [b.test], "
                          "methods: [POST]}\n"),
              ElementsAre(HasSubstr("a CONNECT that it is about is refused")));
  EXPECT_THAT(problems_of("policy:\n  rules:\n    - {name: a, action: allow, identities: [b]}\n"),
              ElementsAre(HasSubstr("policy.rules[0].identities matches nobody")));
}

}  // namespace
}  // namespace config
