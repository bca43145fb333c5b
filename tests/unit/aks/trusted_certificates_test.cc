#include "aks/trusted_certificates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/aks/findings.h"
#include "tls/authority.h"

namespace aks {
namespace {

using namespace std::chrono_literals;
using aks_test::brief;
using aks_test::messages;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const base::WallTime kNow = base::wall_now();
constexpr std::chrono::hours kYear{365 * 24};

tls::Authority root(const std::string& name, base::WallTime from = kNow - 24h,
                    base::WallTime to = kNow + kYear) {
  return *tls::Authority::create({name, from, to});
}

std::vector<std::string> lint(const std::vector<tls::Certificate>& certificates) {
  std::vector<Finding> findings;
  lint_certificates(certificates, kNow, "$", findings);
  // Every root of this test lacks a name, as roots do.
  std::erase_if(findings, [](const Finding& each) {
    return each.rule == "certificate-san" && each.severity == Severity::kWarning;
  });
  return brief(findings);
}

TEST(TrustedCertificates, FindsNothingWrongWithARoot) {
  EXPECT_THAT(lint({root("Root").certificate()}), IsEmpty());
  std::vector<Finding> findings;
  lint_certificates({root("Root").certificate()}, kNow, "$", findings);
  EXPECT_THAT(brief(findings), ElementsAre("warning $ certificate-san"));
  EXPECT_THAT(messages(findings), HasSubstr("certificate 1 (CN=Root)"));
}

TEST(TrustedCertificates, JudgesValidityAtTheTimeGiven) {
  EXPECT_THAT(lint({root("R", kNow - 48h, kNow - 1h).certificate()}),
              ElementsAre("warning $ certificate-expired"));
  EXPECT_THAT(lint({root("R", kNow + 1h, kNow + kYear).certificate()}),
              ElementsAre("warning $ certificate-not-yet-valid"));
  EXPECT_THAT(lint({root("R", kNow - 1h, kNow + 29 * 24h).certificate()}),
              ElementsAre("warning $ certificate-expires-soon"));
  EXPECT_THAT(lint({root("R", kNow - 1h, kNow + 31 * 24h).certificate()}), IsEmpty());
}

TEST(TrustedCertificates, WarnsOfAnExpiredRootBesideAValidOne) {
  EXPECT_THAT(lint({root("Old", kNow - 48h, kNow - 1h).certificate(), root("New").certificate()}),
              ElementsAre("warning $ certificate-expired"))
      << "the service takes it, and nodes come up";
}

TEST(TrustedCertificates, FindsServersCertificates) {
  const tls::Authority authority = root("Root");
  const auto key = *tls::PrivateKey::generate();
  const auto leaf = *authority.issue({{"proxy.example"}, kNow - 1h, kNow + kYear}, key);
  EXPECT_THAT(lint({leaf.chain[0]}), ElementsAre("warning $ certificate-no-authority"));
}

TEST(TrustedCertificates, FindsDuplicatesOnce) {
  const tls::Certificate one = root("Root").certificate();
  EXPECT_THAT(lint({one, one, one}),
              ElementsAre("warning $ certificate-duplicate", "warning $ certificate-duplicate"));
}

TEST(TrustedCertificates, SaysWhichBlockIsNone) {
  const std::string good = root("Root").certificate().pem();
  std::vector<Finding> findings;
  const auto read = read_certificates(
      good + "-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n" + good, "$",
      findings);
  EXPECT_EQ(read.size(), 2U);
  EXPECT_THAT(brief(findings), ElementsAre("error $ certificate-syntax"));
  EXPECT_THAT(messages(findings), HasSubstr("certificate 2"));
}

}  // namespace
}  // namespace aks
