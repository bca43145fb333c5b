#include "tls/authority_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "tests/unit/tls/forge.h"
#include "tls/key_file.h"

namespace {

using namespace std::chrono_literals;
using tls_test::Forgery;
using tls_test::must;
namespace fs = std::filesystem;

class AuthorityFilesTest : public testing::Test {
 protected:
  AuthorityFilesTest() {
    std::string pattern = (fs::temp_directory_path() / "sluice-ca-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    files = {folder / "ca.pem", folder / "ca.key"};
  }
  ~AuthorityFilesTest() override { fs::remove_all(folder); }

  // Puts the certificates of `chain` and the first one's key into the files.
  void put(const std::vector<tls::Identity>& chain) {
    fs::remove(files.key);
    std::ofstream certificates(files.certificate);
    for (const tls::Identity& each : chain) certificates << each.chain.front().pem();
    ASSERT_TRUE(tls::write_key_file(files.key, chain.front().key));
  }
  base::Result<tls::Authority> load() { return tls::load_authority(files, now); }
  void expect_refused(const std::string& words) {
    const auto loaded = load();
    ASSERT_FALSE(loaded) << words;
    EXPECT_EQ(loaded.error().code, base::ErrorCode::kBadRequest);
    EXPECT_NE(loaded.error().detail.find(words), std::string::npos) << loaded.error().detail;
    EXPECT_NE(loaded.error().detail.find(folder.string()), std::string::npos) << "names the file";
  }

  fs::path folder;
  tls::AuthorityFiles files;
  base::WallTime now = base::wall_now();
};

TEST_F(AuthorityFilesTest, LoadsWhatItSaved) {
  const auto made = must(tls::Authority::create({"Inspection", now - 1h, now + 24h}));
  ASSERT_TRUE(tls::save_authority(files, made));
  const auto loaded = load();
  ASSERT_TRUE(loaded) << loaded.error().detail;
  EXPECT_EQ(loaded->certificate().facts().sha256, made.certificate().facts().sha256);
}

TEST_F(AuthorityFilesTest, SavesBothFilesOrNone) {
  const auto made = must(tls::Authority::create({"Inspection", now - 1h, now + 24h}));
  std::ofstream(files.certificate) << "precious";
  const auto saved = tls::save_authority(files, made);
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, base::ErrorCode::kIo);
  EXPECT_FALSE(fs::exists(files.key));
}

TEST_F(AuthorityFilesTest, RefusesWhatClientsWouldRefuse) {
  const struct {
    const char* words;
    std::function<void(Forgery&)> change;
  } cases[] = {
      {"lacks basicConstraints CA:TRUE", [](Forgery& ca) { ca.constraints = "critical,CA:FALSE"; }},
      {"lacks the key usage keyCertSign", [](Forgery& ca) { ca.usage = "critical,cRLSign"; }},
      {"lacks the key usage keyCertSign", [](Forgery& ca) { ca.usage = ""; }},
      {"extendedKeyUsage excludes serverAuth", [](Forgery& ca) { ca.purpose = "clientAuth"; }},
      {"has no subjectKeyIdentifier", [](Forgery& ca) { ca.subject_key_id = ""; }},
      {"expired at",
       [](Forgery& ca) {
         ca.valid_to_hours = 0;
         ca.valid_from_hours = -9;
       }},
      {"is valid only from", [](Forgery& ca) { ca.valid_from_hours = 2; }},
      {"has a weak key (RSA 1024)", [](Forgery& ca) { ca.key = "RSA:1024"; }},
      {"is signed with SHA1", [](Forgery& ca) { ca.digest = "SHA1"; }},
  };
  for (const auto& each : cases) {
    Forgery ca = tls_test::authority("CA");
    if (std::string(each.words) == "has no subjectKeyIdentifier") ca.authority_key_id = "";
    each.change(ca);
    put({tls_test::forge(ca, nullptr)});
    if (std::string(each.words) == "expired at") now += 1h;
    expect_refused(each.words);
    now = base::wall_now();
  }
}

TEST_F(AuthorityFilesTest, RefusesAForeignKeyAndAChainOutOfOrder) {
  const tls::Identity root = tls_test::forge(tls_test::authority("Root"), nullptr);
  const tls::Identity middle = tls_test::forge(tls_test::authority("Middle"), &root);
  put({middle, root});
  EXPECT_TRUE(load());
  put({middle, tls_test::forge(tls_test::authority("Stranger"), nullptr)});
  expect_refused("did not issue that");
  put({root});
  std::ofstream(files.certificate) << middle.chain.front().pem();
  expect_refused("is not that of the CA certificate");
}

TEST_F(AuthorityFilesTest, ReportsFilesThatAreMissing) {
  const auto loaded = load();
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, base::ErrorCode::kIo);
  EXPECT_NE(loaded.error().detail.find("ca.pem"), std::string::npos);
}

}  // namespace
