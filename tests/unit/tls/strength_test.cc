#include "tls/strength.h"

#include <gtest/gtest.h>

#include "tests/unit/tls/forge.h"

namespace {

using tls_test::Forgery;

tls::Strength strength(const std::string& key, const std::string& digest) {
  Forgery spec;
  spec.key = key;
  spec.digest = digest;
  return tls::strength_of(tls_test::forge(spec, nullptr).chain.front());
}

TEST(Strength, NamesKeysAndDigests) {
  EXPECT_EQ(strength("P-256", "SHA256").key, "EC 256");
  EXPECT_EQ(strength("P-256", "SHA256").digest, "SHA256");
  EXPECT_EQ(strength("RSA:2048", "SHA384").key, "RSA 2048");
  EXPECT_EQ(strength("RSA:2048", "SHA384").digest, "SHA384");
  EXPECT_EQ(strength("ED25519", "").digest, "");
}

TEST(Strength, AsksFor112BitsOfKeys) {
  EXPECT_FALSE(strength("P-256", "SHA256").is_weak_key);
  EXPECT_FALSE(strength("RSA:2048", "SHA256").is_weak_key);
  EXPECT_FALSE(strength("ED25519", "").is_weak_key);
  EXPECT_TRUE(strength("RSA:1024", "SHA256").is_weak_key);
}

TEST(Strength, RefusesSha1AndMd5) {
  EXPECT_TRUE(strength("RSA:2048", "SHA1").is_weak_digest);
  EXPECT_TRUE(strength("RSA:2048", "MD5").is_weak_digest);
  EXPECT_FALSE(strength("RSA:2048", "SHA256").is_weak_digest);
  EXPECT_FALSE(strength("ED25519", "").is_weak_digest);
}

TEST(Strength, KnowsWhoIssuedWhat) {
  const tls::Identity root = tls_test::forge(tls_test::authority("Root"), nullptr);
  const tls::Identity namesake = tls_test::forge(tls_test::authority("Root"), nullptr);
  const tls::Certificate leaf = tls_test::forge(Forgery{}, &root).chain.front();
  EXPECT_TRUE(tls::is_issued_by(leaf, root.chain.front()));
  EXPECT_TRUE(tls::is_issued_by(root.chain.front(), root.chain.front()));
  EXPECT_FALSE(tls::is_issued_by(root.chain.front(), leaf));
  EXPECT_FALSE(tls::is_issued_by(leaf, namesake.chain.front())) << "by name alone";
}

}  // namespace
