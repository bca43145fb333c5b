#include "tls/leaf_issuer.h"

#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include "tests/unit/tls/forge.h"

namespace {

using namespace std::chrono_literals;
using tls::LeafIssuer;
using tls_test::must;

class LeafIssuerTest : public testing::Test {
 protected:
  static constexpr base::WallTime kForever = base::WallTime::max();

  static tls::PeerName name(std::string_view text) { return must(tls::PeerName::parse(text)); }
  tls::Authority ca(base::WallTime from, base::WallTime to) const {
    return must(tls::Authority::create({"Inspection", from, to}));
  }
  std::shared_ptr<const LeafIssuer> issuer(base::WallTime from, base::WallTime to,
                                           std::chrono::seconds validity = 24h) const {
    return must(LeafIssuer::make(ca(from, to), validity));
  }
  std::shared_ptr<const tls::Leaf> leaf(std::string_view host,
                                        base::WallTime no_later = kForever) const {
    return must(issuer(now - 240h, now + 2400h)->issue(name(host), {.until = no_later}, now));
  }

  // Certificates count in seconds.
  base::WallTime now = std::chrono::floor<std::chrono::seconds>(base::wall_now());
};

TEST_F(LeafIssuerTest, NamesExactlyTheHost) {
  for (const std::string host : {"good.test", "192.0.2.7", "2001:db8::7"}) {
    const auto made = leaf(host);
    EXPECT_EQ(made->identity.chain.front().sans(), std::vector<std::string>{host});
    EXPECT_EQ(made->name.text(), host);
  }
}

TEST_F(LeafIssuerTest, IsValidFromAnHourAgoForItsTime) {
  const auto made = leaf("good.test");
  const tls::CertificateFacts facts = made->identity.chain.front().facts();
  EXPECT_EQ(facts.not_before, now - 1h);
  EXPECT_EQ(facts.not_after, now + 24h);
  EXPECT_EQ(made->not_before, facts.not_before);
  EXPECT_EQ(made->not_after, facts.not_after);
}

TEST_F(LeafIssuerTest, EndsNoLaterThanTheOriginsCertificateAndTheCa) {
  EXPECT_EQ(leaf("good.test", now + 3h)->identity.chain.front().not_after(), now + 3h);
  const auto young = must(issuer(now - 10min, now + 2h)->issue(name("good.test"), {}, now));
  EXPECT_EQ(young->identity.chain.front().not_before(), now - 10min);
  EXPECT_EQ(young->identity.chain.front().not_after(), now + 2h);
}

TEST_F(LeafIssuerTest, BeginsNoEarlierThanTheOriginsCertificate) {
  const auto made =
      must(issuer(now - 240h, now + 240h)
               ->issue(name("good.test"), {.from = now - 5min, .until = now + 3h}, now));
  EXPECT_EQ(made->identity.chain.front().not_before(), now - 5min);
}

TEST_F(LeafIssuerTest, SaysWhoseCertificateHasEnded) {
  const auto origin =
      issuer(now - 1h, now + 1h)->issue(name("good.test"), {.until = now - 1s}, now);
  ASSERT_FALSE(origin);
  EXPECT_EQ(origin.error().party, base::Party::kOrigin);
  const auto ours = issuer(now - 2h, now - 1h)->issue(name("good.test"), {}, now);
  ASSERT_FALSE(ours);
  EXPECT_EQ(ours.error().party, base::Party::kProxy);
  EXPECT_NE(ours.error().detail.find("good.test: the one of the inspection CA ends at"),
            std::string::npos);
}

TEST_F(LeafIssuerTest, GivesAllLeavesOneKeyAndEachIssuerAnother) {
  const auto one = issuer(now - 1h, now + 1h);
  const auto first = must(one->issue(name("a.test"), {}, now));
  const auto second = must(one->issue(name("b.test"), {}, now));
  const auto other = must(issuer(now - 1h, now + 1h)->issue(name("a.test"), {}, now));
  EXPECT_TRUE(tls::belongs(first->identity.key, second->identity.chain.front()));
  EXPECT_FALSE(tls::belongs(first->identity.key, other->identity.chain.front()));
}

TEST_F(LeafIssuerTest, RefusesValiditiesBeyondSevenDays) {
  for (const std::chrono::seconds validity : {0s, -1s, std::chrono::seconds(168h) + 1s}) {
    EXPECT_FALSE(LeafIssuer::make(ca(now - 1h, now + 1h), validity)) << validity.count();
  }
}

TEST_F(LeafIssuerTest, MakesNothingThatTheNameConstraintsExclude) {
  const auto constraints = must(tls::NameConstraints::parse({".good.test"}));
  const auto narrow = must(LeafIssuer::make(must(
      tls::Authority::create({"Narrow", now - 1h, now + 1h, tls::KeyKind::kP256, constraints}))));
  for (const char* host : {"good.test", "a.good.test"}) {
    EXPECT_TRUE(narrow->issue(name(host), {}, now)) << host;
  }
  for (const char* host : {"notgood.test", "bad.test", "192.0.2.7", "2001:db8::7"}) {
    const auto made = narrow->issue(name(host), {}, now);
    ASSERT_FALSE(made) << host;
    EXPECT_NE(made.error().detail.find("exclude \"" + std::string(host) + "\""), std::string::npos);
  }
}

TEST_F(LeafIssuerTest, SendsIntermediatesButNotTheRoot) {
  const tls::Identity root = tls_test::forge(tls_test::authority("Root"), nullptr);
  const tls::Identity middle =
      tls_test::with_chain(tls_test::forge(tls_test::authority("Middle"), &root), {root});
  const auto made = must(must(LeafIssuer::make(must(tls::Authority::from_identity(middle))))
                             ->issue(name("good.test"), {}, now));
  ASSERT_EQ(made->identity.chain.size(), 2U);
  EXPECT_EQ(made->identity.chain.back().facts().subject, "CN=Middle");
}

}  // namespace
