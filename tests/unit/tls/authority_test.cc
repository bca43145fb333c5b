#include "tls/authority.h"

#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include <set>

#include "tests/unit/tls/support.h"

namespace {

using namespace std::chrono_literals;
using tls::Authority;
using tls_test::must;

class AuthorityTest : public testing::Test {
 protected:
  base::Result<tls::Identity> issue(std::vector<std::string> names) {
    return root.issue({std::move(names), now - 1h, now + 1h}, key);
  }
  static std::string serial(const tls::Certificate& certificate) {
    const ASN1_INTEGER* number = X509_get0_serialNumber(certificate.raw());
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(number)),
            static_cast<size_t>(ASN1_STRING_length(number))};
  }

  base::WallTime now = base::wall_now();
  Authority root = must(Authority::create({"Simulated Root", now - 24h, now + 24h}));
  tls::PrivateKey key = must(tls::PrivateKey::generate());
};

TEST_F(AuthorityTest, IsACaOfPathLengthZeroThatSignsCertificatesOnly) {
  X509* const ca = root.certificate().raw();
  EXPECT_EQ(X509_check_ca(ca), 1);
  EXPECT_EQ(X509_get_pathlen(ca), 0);
  EXPECT_EQ(X509_get_key_usage(ca),
            static_cast<unsigned>(X509v3_KU_KEY_CERT_SIGN | X509v3_KU_CRL_SIGN));
  EXPECT_NE(X509_get0_subject_key_id(ca), nullptr);
  EXPECT_EQ(root.certificate().facts().subject, "CN=Simulated Root");
  EXPECT_EQ(EVP_PKEY_get_bits(root.key().raw()), 256);
}

TEST_F(AuthorityTest, IssuesLeavesForServersOnly) {
  const tls::Identity leaf = must(issue({"good.test", "192.0.2.1"}));
  ASSERT_EQ(leaf.chain.size(), 1U);
  X509* const raw = leaf.chain.front().raw();
  EXPECT_EQ(X509_check_ca(raw), 0);
  EXPECT_EQ(X509_get_extended_key_usage(raw), static_cast<unsigned>(XKU_SSL_SERVER));
  EXPECT_EQ(X509_get_key_usage(raw), static_cast<unsigned>(X509v3_KU_DIGITAL_SIGNATURE));
  EXPECT_EQ(ASN1_OCTET_STRING_cmp(X509_get0_authority_key_id(raw),
                                  X509_get0_subject_key_id(root.certificate().raw())),
            0);
  EXPECT_EQ(X509_verify(raw, root.key().raw()), 1);
  EXPECT_TRUE(tls::belongs(leaf.key, leaf.chain.front()));
  EXPECT_EQ(leaf.chain.front().facts().sans, (std::vector<std::string>{"good.test", "192.0.2.1"}));
}

TEST_F(AuthorityTest, GivesEachCertificateARandomSerialWithinRfc5280) {
  std::set<std::string> serials;
  for (int i = 0; i < 300; ++i) {
    const tls::Identity leaf = must(issue({"good.test"}));
    serials.insert(serial(leaf.chain.front()));
    EXPECT_NE(ASN1_STRING_type(X509_get0_serialNumber(leaf.chain.front().raw())),
              V_ASN1_NEG_INTEGER);
    // A round trip through DER proves that leading zeros are encoded in the only way allowed.
    ASSERT_TRUE(tls::Identity::from_pem(leaf.chain.front().pem(), key.pem()));
  }
  EXPECT_EQ(serials.size(), 300U);
  for (const std::string& one : serials) EXPECT_LE(one.size(), 16U);
}

TEST_F(AuthorityTest, LeavesTheSubjectEmptyWhenTheNameDoesNotFit) {
  const std::string name = std::string(63, 'a') + ".good.test";
  const tls::Identity leaf = must(issue({name}));
  X509* const raw = leaf.chain.front().raw();
  EXPECT_EQ(leaf.chain.front().facts().subject, "");
  const int index = X509_get_ext_by_NID(raw, NID_subject_alt_name, -1);
  EXPECT_EQ(X509_EXTENSION_get_critical(X509_get_ext(raw, index)), 1);
}

TEST_F(AuthorityTest, IssuesForThePastAndTheFuture) {
  const tls::Identity past = must(root.issue({{"good.test"}, now - 48h, now - 24h}, key));
  EXPECT_LT(past.chain.front().facts().not_after, now);
  const tls::Identity future = must(root.issue({{"good.test"}, now + 24h, now + 48h}, key));
  EXPECT_GT(future.chain.front().facts().not_before, now);
}

TEST_F(AuthorityTest, RefusesNamesAndValiditiesThatMakeNoSense) {
  EXPECT_FALSE(issue({}));
  for (const std::string name :
       {"", "*", "*.*.test", "*.192.0.2.1", "a b", ".test", "good.test,DNS:evil"}) {
    const auto leaf = issue({"good.test", name});
    ASSERT_FALSE(leaf) << name;
    EXPECT_EQ(leaf.error().code, base::ErrorCode::kBadRequest);
    EXPECT_NE(leaf.error().detail.find("neither a DNS name"), std::string::npos);
  }
  EXPECT_FALSE(root.issue({{"good.test"}, now, now - 1h}, key));
  EXPECT_FALSE(Authority::create({"", now, now + 1h}));
  EXPECT_FALSE(Authority::create({std::string(65, 'x'), now, now + 1h}));
}

TEST_F(AuthorityTest, SurvivesTheWayThroughPem) {
  const auto again = Authority::from_pem(root.certificate().pem(), root.key().pem());
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_EQ(again->certificate().facts().sha256, root.certificate().facts().sha256);
}

TEST_F(AuthorityTest, RefusesAForeignKeyAndACertificateThatIsNoAuthority) {
  EXPECT_FALSE(Authority::from_pem(root.certificate().pem(), key.pem()));
  const tls::Identity leaf = must(issue({"good.test"}));
  const auto no_authority = Authority::from_pem(leaf.chain.front().pem(), key.pem());
  ASSERT_FALSE(no_authority);
  EXPECT_NE(no_authority.error().detail.find("CN=good.test"), std::string::npos);
}

}  // namespace
