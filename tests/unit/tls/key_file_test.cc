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

}  // namespace
