#include "tls/bundle.h"

#include <gtest/gtest.h>

#include "tests/unit/tls/forge.h"

namespace {

using tls::parse_bundle;

std::string two_certificates() {
  return tls_test::forge(tls_test::authority("One"), nullptr).chain.front().pem() +
         tls_test::forge(tls_test::authority("Two"), nullptr).chain.front().pem();
}

TEST(Bundle, KeepsTheOrderAndIgnoresTextAround) {
  const std::string pem = two_certificates();
  const auto certificates = parse_bundle("# roots of the lab\n" + pem + "end of file\n");
  ASSERT_TRUE(certificates) << certificates.error().detail;
  ASSERT_EQ(certificates->size(), 2U);
  EXPECT_EQ((*certificates)[0].facts().subject, "CN=One");
  EXPECT_EQ((*certificates)[1].facts().subject, "CN=Two");
}

TEST(Bundle, ReadsCarriageReturnsLikeAnyLineEnd) {
  std::string pem;
  for (const char c : two_certificates())
    pem += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const auto certificates = parse_bundle(pem);
  ASSERT_TRUE(certificates) << certificates.error().detail;
  EXPECT_EQ(certificates->size(), 2U);
}

TEST(Bundle, GivesBackThePemItRead) {
  const std::string pem = two_certificates();
  const auto certificates = parse_bundle(pem);
  ASSERT_TRUE(certificates);
  EXPECT_EQ((*certificates)[0].pem() + (*certificates)[1].pem(), pem);
}

TEST(Bundle, RefusesTextWithoutCertificates) {
  for (const std::string_view text : {"", "hello\n", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t"}) {
    const auto certificates = parse_bundle(text);
    ASSERT_FALSE(certificates) << text;
    EXPECT_NE(certificates.error().detail.find("no certificate"), std::string::npos);
  }
}

TEST(Bundle, NamesTheBlockThatIsAPrivateKeyWithoutQuotingIt) {
  const tls::Identity one = tls_test::forge(tls_test::authority("One"), nullptr);
  const auto certificates = parse_bundle(one.chain.front().pem() + one.key.pem());
  ASSERT_FALSE(certificates);
  const std::string& detail = certificates.error().detail;
  EXPECT_NE(detail.find("block 2 of the PEM bundle is a PRIVATE KEY"), std::string::npos) << detail;
  EXPECT_EQ(detail.find(one.key.pem().substr(40, 20)), std::string::npos);
}

TEST(Bundle, NamesTheBlockThatIsMalformed) {
  const std::string pem = two_certificates();
  const size_t second = pem.rfind("-----BEGIN");
  std::string bad_base64 = pem;
  bad_base64.replace(second + 40, 3, "!!!");
  const std::string cut = pem.substr(0, pem.size() - 60);
  const std::string not_x509 =
      pem.substr(0, second) + "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
  for (const std::string& text : {bad_base64, cut, not_x509}) {
    const auto certificates = parse_bundle(text);
    ASSERT_FALSE(certificates) << text;
    EXPECT_NE(certificates.error().detail.find("block 2"), std::string::npos)
        << certificates.error().detail;
  }
}

TEST(Bundle, RefusesOctetsAfterTheCertificateInItsBlock) {
  const std::string der_and_more =
      "-----BEGIN CERTIFICATE-----\nMAAAAA==\n-----END CERTIFICATE-----\n";
  EXPECT_FALSE(parse_bundle(der_and_more));
}

// Every prefix ends in a verdict, and only whole bundles are accepted.
TEST(Bundle, RefusesEveryPrefixOfACertificate) {
  const std::string pem = tls_test::forge(tls_test::authority("One"), nullptr).chain.front().pem();
  for (size_t size = 0; size + 1 < pem.size(); ++size) {
    EXPECT_FALSE(parse_bundle(std::string_view(pem).substr(0, size))) << size;
  }
  EXPECT_TRUE(parse_bundle(pem));
}

TEST(Bundle, RefusesMoreThanItsLimit) {
  EXPECT_FALSE(parse_bundle(std::string(tls::kMaxBundleBytes + 1, 'x')));
}

}  // namespace
