#include "tls/name_constraints.h"

#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include "tests/unit/tls/forge.h"
#include "tls/authority.h"

namespace {

using namespace std::chrono_literals;
using tls::NameConstraints;
using tls_test::must;

tls::Authority authority(const std::vector<std::string>& texts) {
  const base::WallTime now = base::wall_now();
  return must(tls::Authority::create(
      {"Narrow", now - 1h, now + 1h, tls::KeyKind::kP256, must(NameConstraints::parse(texts))}));
}

bool signs_for(const tls::Authority& ca, const std::string& name) {
  static const tls::PrivateKey kKey = must(tls::PrivateKey::generate());
  const base::WallTime now = base::wall_now();
  return ca.issue({{name}, now - 1h, now + 1h}, kKey).has_value();
}

TEST(NameConstraints, SurviveTheWayThroughACertificate) {
  const tls::Authority ca =
      authority({".Good.test", "other.test", "10.0.0.0/8", "192.0.2.128/25", "2001:db8::/33"});
  const NameConstraints read = NameConstraints::of(ca.certificate());
  EXPECT_EQ(read.domains, (std::vector<std::string>{"good.test", "other.test"}));
  ASSERT_EQ(read.networks.size(), 3U);
  EXPECT_EQ(read.networks[0].to_string(), "10.0.0.0/8");
  EXPECT_EQ(read.networks[1].to_string(), "192.0.2.128/25");
  EXPECT_EQ(read.networks[2].to_string(), "2001:db8::/33");
}

TEST(NameConstraints, SayWhenThereAreMoreThanCanBeSaid) {
  using Rest = NameConstraints::Rest;
  const auto rest_of = [](const char* constraints) {
    tls_test::Forgery spec = tls_test::authority("Foreign");
    if (*constraints != 0) spec.more = {{"nameConstraints", constraints}};
    return NameConstraints::of(tls_test::forge(spec, nullptr).chain.front()).rest;
  };
  EXPECT_EQ(rest_of(""), Rest::kNone);
  EXPECT_EQ(rest_of("permitted;DNS:good.test"), Rest::kNone);
  EXPECT_EQ(rest_of("excluded;DNS:bad.test"), Rest::kSome);
  EXPECT_EQ(rest_of("permitted;email:good.test"), Rest::kSome);
  EXPECT_EQ(rest_of("permitted;DNS:good.test,excluded;DNS:bad.good.test"), Rest::kSome);
  for (const std::vector<std::string>& own :
       {std::vector<std::string>{}, {"good.test"}, {"10.0.0.0/8"}, {"good.test", "10.0.0.0/8"}}) {
    EXPECT_EQ(NameConstraints::of(authority(own).certificate()).rest, Rest::kNone);
  }
}

TEST(NameConstraints, AreCritical) {
  const tls::Authority ca = authority({".good.test"});
  X509* const raw = ca.certificate().raw();
  const int index = X509_get_ext_by_NID(raw, NID_name_constraints, -1);
  ASSERT_GE(index, 0);
  EXPECT_EQ(X509_EXTENSION_get_critical(X509_get_ext(raw, index)), 1);
}

TEST(NameConstraints, ExcludeEveryKindThatIsNotNamed) {
  const tls::Authority domains = authority({"good.test"});
  EXPECT_TRUE(signs_for(domains, "a.b.good.test"));
  EXPECT_FALSE(signs_for(domains, "10.1.2.3"));
  EXPECT_FALSE(signs_for(domains, "2001:db8::1"));
  const tls::Authority networks = authority({"10.0.0.0/8"});
  EXPECT_TRUE(signs_for(networks, "10.1.2.3"));
  EXPECT_FALSE(signs_for(networks, "11.1.2.3"));
  EXPECT_FALSE(signs_for(networks, "good.test"));
}

TEST(NameConstraints, AreNoneWithoutTexts) {
  const tls::Authority ca = authority({});
  EXPECT_EQ(X509_get_ext_by_NID(ca.certificate().raw(), NID_name_constraints, -1), -1);
  EXPECT_TRUE(NameConstraints::of(ca.certificate()).empty());
}

TEST(NameConstraints, RefuseWhatIsNeitherDomainNorNetwork) {
  for (const char* text :
       {"", ".", "*.good.test", "..good.test", "10.0.0.1/8", "a b", "DNS:good"}) {
    const auto parsed = NameConstraints::parse({"good.test", text});
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, base::ErrorCode::kBadRequest);
  }
}

}  // namespace
