#include "tls/private_key.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/tls/support.h"

namespace {

using tls::PrivateKey;

class KeyFile : public testing::Test {
 protected:
  KeyFile() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluice-key-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
  }
  ~KeyFile() override { std::filesystem::remove_all(folder); }
  std::filesystem::path folder;
};

std::string contents(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

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

TEST_F(KeyFile, IsReadableByItsOwnerOnly) {
  const PrivateKey key = tls_test::must(PrivateKey::generate());
  const std::string path = folder / "ca.key";
  const mode_t before = ::umask(0);
  const auto written = tls::write_key_file(path, key);
  ::umask(before);
  ASSERT_TRUE(written) << written.error().detail;
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  EXPECT_EQ(contents(path), key.pem());
}

TEST_F(KeyFile, IsNeverOverwritten) {
  const PrivateKey key = tls_test::must(PrivateKey::generate());
  const std::string path = folder / "ca.key";
  std::ofstream(path) << "precious";
  const std::string link = folder / "link.key";
  std::filesystem::create_symlink(folder / "elsewhere", link);
  for (const std::string& taken : {path, link}) {
    const auto written = tls::write_key_file(taken, key);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().cause, EEXIST);
    EXPECT_NE(written.error().detail.find(taken), std::string::npos);
  }
  EXPECT_EQ(contents(path), "precious");
  EXPECT_FALSE(std::filesystem::exists(folder / "elsewhere"));
}

}  // namespace
