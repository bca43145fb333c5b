#include "tls/trust.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "tests/unit/tls/forge.h"

namespace {

namespace fs = std::filesystem;

class TrustFiles : public testing::Test {
 protected:
  TrustFiles() {
    std::string pattern = (fs::temp_directory_path() / "sluice-trust-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
  }
  ~TrustFiles() override { fs::remove_all(folder); }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder / name) << text;
  }

  fs::path folder;
  std::string one = tls_test::forge(tls_test::authority("One"), nullptr).chain.front().pem();
  std::string two = tls_test::forge(tls_test::authority("Two"), nullptr).chain.front().pem();
  tls::TrustStore store;
};

TEST_F(TrustFiles, StartsOutTrustingNothing) { EXPECT_EQ(store.size(), 0U); }

TEST_F(TrustFiles, AddsBundlesFromMemoryAndCountsDuplicatesOnce) {
  EXPECT_EQ(*store.add_pem(one + two), 2U);
  EXPECT_EQ(*store.add_pem(one), 1U);
  EXPECT_EQ(store.size(), 2U);
}

TEST_F(TrustFiles, TellsWhichCertificatesItBelieves) {
  ASSERT_TRUE(store.add_pem(two + one));
  std::set<std::string> believed;
  for (const tls::Certificate& each : store.certificates()) believed.insert(each.pem());
  EXPECT_EQ(believed, (std::set<std::string>{one, two}));
}

TEST_F(TrustFiles, ReadsAFileAndTheCertificatesOfADirectory) {
  write("one.pem", one);
  write("two.crt", two);
  write("README", "nothing");
  EXPECT_EQ(*store.add_path(folder / "one.pem"), 1U);
  EXPECT_EQ(*store.add_path(folder), 2U);
  EXPECT_EQ(store.size(), 2U);
}

TEST_F(TrustFiles, NamesTheFileThatIsMissingOrBroken) {
  write("broken.pem", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n");
  for (const char* name : {"missing.pem", "broken.pem"}) {
    const auto added = store.add_path(folder / name);
    ASSERT_FALSE(added);
    EXPECT_NE(added.error().detail.find(folder / name), std::string::npos) << added.error().detail;
  }
  EXPECT_FALSE(store.add_path(folder));
}

// U36: our own authority among the system's roots, in whatever edition.
TEST(TrustStore, NeverBelievesTheKeyThatItDistrusts) {
  const tls::Identity ours = tls_test::forge(tls_test::authority("Ours"), nullptr);
  const tls::Identity renewed = tls_test::forge_again(tls_test::authority("Ours, renewed"), ours);
  const tls::Identity other = tls_test::forge(tls_test::authority("Other"), nullptr);
  tls::TrustStore store;
  store.add(ours.chain.front());
  store.add(other.chain.front());
  store.distrust(ours.chain.front());
  EXPECT_EQ(store.size(), 1U);
  store.add(ours.chain.front());
  store.add(renewed.chain.front());
  EXPECT_EQ(store.size(), 1U);
  EXPECT_EQ(*store.add_pem(other.chain.front().pem()), 1U);
  EXPECT_EQ(store.size(), 1U);
}

}  // namespace
