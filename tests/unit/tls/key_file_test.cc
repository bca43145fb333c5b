#include "tls/key_file.h"

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

TEST_F(KeyFile, IsReadThroughTheLinksOfAKubernetesSecret) {
  const PrivateKey key = tls_test::must(PrivateKey::generate());
  std::filesystem::create_directory(folder / "..2026_11_25");
  ASSERT_TRUE(tls::write_key_file(folder / "..2026_11_25" / "tls.key", key));
  std::filesystem::create_symlink("..2026_11_25", folder / "..data");
  std::filesystem::create_symlink("..data/tls.key", folder / "tls.key");
  const auto read = tls::read_key_file(folder / "tls.key");
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read->pem(), key.pem());
}

TEST_F(KeyFile, IsRefusedWhenOthersMayUseIt) {
  const std::string path = folder / "ca.key";
  ASSERT_TRUE(tls::write_key_file(path, tls_test::must(PrivateKey::generate())));
  for (const mode_t mode : {0640U, 0604U, 0620U, 0602U, 0610U, 0601U, 0644U, 0666U}) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    const auto read = tls::read_key_file(path);
    ASSERT_FALSE(read) << mode;
    EXPECT_EQ(read.error().code, base::ErrorCode::kBadRequest);
    EXPECT_NE(read.error().detail.find(path + " has mode 06"), std::string::npos);
    EXPECT_NE(read.error().detail.find("chmod 600"), std::string::npos);
  }
  for (const mode_t mode : {0600U, 0400U}) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    EXPECT_TRUE(tls::read_key_file(path)) << mode;
  }
}

TEST_F(KeyFile, IsARegularFileWithAKey) {
  const std::string fifo = folder / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  for (const std::string& path : {fifo, folder.string()}) {
    const auto read = tls::read_key_file(path);
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().detail.find("is no regular file"), std::string::npos);
  }
  const std::string words = folder / "words";
  std::ofstream(words) << "secret words";
  ASSERT_EQ(::chmod(words.c_str(), 0600), 0);
  const auto read = tls::read_key_file(words);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().detail.find(words), std::string::npos);
  EXPECT_EQ(read.error().detail.find("secret words"), std::string::npos);
  EXPECT_EQ(tls::read_key_file(folder / "none").error().code, base::ErrorCode::kIo);
}

TEST(KeyAccess, IsForTheOwnerAloneOrHandedDownByRoot) {
  constexpr unsigned kSelf = 65532;
  constexpr unsigned kOther = 1000;
  const struct {
    unsigned mode, owner, self;
    bool fine;
  } cases[] = {
      {0600, kSelf, kSelf, true}, {0400, kSelf, kSelf, true},   {0440, kSelf, kSelf, false},
      {0600, 0, kSelf, true},     {0440, 0, kSelf, true},  // fsGroup, LoadCredential
      {0640, 0, kSelf, true},     {0460, 0, kSelf, false},      {0450, 0, kSelf, false},
      {0444, 0, kSelf, false},    {0600, kOther, kSelf, false}, {0640, 0, 0, false},
      {0600, kOther, 0, false},
  };
  for (const auto& each : cases) {
    const auto checked = tls::check_key_access("k", {S_IFREG | each.mode, each.owner}, each.self);
    EXPECT_EQ(checked.has_value(), each.fine) << std::oct << each.mode << " of " << each.owner;
  }
}

}  // namespace
