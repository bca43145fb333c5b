#include "tls/private_key.h"

#include <gtest/gtest.h>

#include "tests/unit/tls/support.h"

namespace {

using tls::PrivateKey;

TEST(PrivateKey, SurvivesTheWayThroughPem) {
  const PrivateKey key = tls_test::must(PrivateKey::generate());
  const PrivateKey again = tls_test::must(PrivateKey::from_pem(key.pem()));
  EXPECT_EQ(again.pem(), key.pem());
  EXPECT_TRUE(key.pem().starts_with("-----BEGIN PRIVATE KEY-----\n"));
}

TEST(PrivateKey, RefusesWhatIsNoKeyWithoutQuotingIt) {
  for (const std::string& text :
       {std::string(), std::string("secret words"),
        std::string("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
        std::string(100'000, 'A')}) {
    const auto key = PrivateKey::from_pem(text);
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().detail.find("secret"), std::string::npos);
  }
}

TEST(PrivateKey, RefusesEncryptedKeysInsteadOfAskingTheTerminal) {
  const char* const encrypted =
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
      "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\nAAAA\n-----END RSA PRIVATE "
      "KEY-----\n";
  EXPECT_FALSE(PrivateKey::from_pem(encrypted));
}

TEST(PrivateKey, IsWipedFromItsText) {
  std::string secret = "secret";
  tls::wipe(secret);
  EXPECT_TRUE(secret.empty());
}

}  // namespace
