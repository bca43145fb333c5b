#include "tls/certificate.h"

#include <gtest/gtest.h>

#include "tests/unit/tls/forge.h"

namespace {

using tls_test::Forgery;

TEST(Certificate, TellsWhoIssuedWhatForWhomAndWhen) {
  const tls::Identity root = tls_test::forge(tls_test::authority("Test Root"), nullptr);
  Forgery spec;
  spec.names = "DNS:good.test,DNS:*.good.test,IP:192.0.2.1,IP:2001:db8::1,email:a@good.test";
  const tls::CertificateFacts facts = tls_test::forge(spec, &root).chain.front().facts();
  EXPECT_EQ(facts.subject, "CN=good.test");
  EXPECT_EQ(facts.issuer, "CN=Test Root");
  EXPECT_EQ(facts.sans,
            (std::vector<std::string>{"good.test", "*.good.test", "192.0.2.1", "2001:db8::1"}));
  EXPECT_EQ(facts.san_count, 4U);
  EXPECT_FALSE(facts.is_ca);
  EXPECT_EQ(facts.sha256.size(), 64U);
  EXPECT_LT(facts.not_before, base::wall_now());
  EXPECT_EQ(std::chrono::round<std::chrono::hours>(facts.not_after - facts.not_before).count(), 25);
  EXPECT_TRUE(root.chain.front().facts().is_ca);
}

TEST(Certificate, EscapesControlsAndNulInItsNames) {
  Forgery spec;
  spec.common_name = "evil\n\x1b[31m.test";
  spec.names.clear();
  // SEQUENCE { [2] "good.test" NUL ".evil.test" }
  spec.more = {{"subjectAltName",
                "DER:30:16:82:14:67:6f:6f:64:2e:74:65:73:74:00:2e:65:76:69:6c:2e:74:65:73:74"}};
  const tls::CertificateFacts facts = tls_test::forge(spec, nullptr).chain.front().facts();
  EXPECT_EQ(facts.subject.find('\n'), std::string::npos);
  EXPECT_EQ(facts.subject.find('\x1b'), std::string::npos);
  ASSERT_EQ(facts.sans.size(), 1U);
  EXPECT_EQ(facts.sans[0], "good.test\\x00.evil.test");
}

TEST(Certificate, KeepsNamesInUtf8) {
  Forgery spec;
  spec.common_name =
      "B\xc3\xbc"
      "cher § \xe6\x97\xa5\xe6\x9c\xac";
  const tls::CertificateFacts facts = tls_test::forge(spec, nullptr).chain.front().facts();
  EXPECT_EQ(facts.subject, "CN=" + spec.common_name);
}

TEST(Certificate, BoundsTheNamesItLists) {
  Forgery spec;
  for (int i = 0; i < 150; ++i) spec.names += ",DNS:n" + std::to_string(i) + ".test";
  const tls::Certificate certificate = tls_test::forge(spec, nullptr).chain.front();
  const tls::CertificateFacts facts = certificate.facts();
  EXPECT_EQ(facts.sans.size(), tls::CertificateFacts::kMaxSans);
  EXPECT_EQ(facts.san_count, 151U);
  EXPECT_EQ(certificate.sans().size(), 151U);
}

TEST(Certificate, ClampsDatesBeyondTheClock) {
  Forgery spec;
  spec.valid_to_hours = 24 * 365 * 7000;
  const tls::CertificateFacts facts = tls_test::forge(spec, nullptr).chain.front().facts();
  EXPECT_GT(facts.not_after, base::wall_now() + std::chrono::hours(24 * 365 * 200));
}

TEST(Certificate, WritesTimesInUtc) {
  EXPECT_EQ(tls::to_string(base::WallTime(std::chrono::seconds(1'700'000'000))),
            "2023-11-14T22:13:20Z");
}

}  // namespace
