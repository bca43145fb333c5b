#include "tls/identity_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/tls/forge.h"

namespace {

namespace fs = std::filesystem;
using tls_test::forge;
using tls_test::Forgery;
using tls_test::must;

class IdentityFiles : public testing::Test {
 protected:
  IdentityFiles() { fs::create_directories(folder); }
  ~IdentityFiles() override { fs::remove_all(folder); }

  tls::IdentityFiles write(const std::string& name, const tls::Identity& identity,
                           mode_t mode = 0600) {
    const tls::IdentityFiles files{(folder / (name + ".crt")).string(),
                                   (folder / (name + ".key")).string()};
    std::ofstream(files.certificate) << identity.chain.front().pem();
    std::ofstream(files.key) << identity.key.pem();
    ::chmod(files.key.c_str(), mode);
    return files;
  }
  static tls::Identity named(const std::string& name, int valid_to_hours = 24) {
    Forgery spec;
    spec.common_name = name;
    spec.names = "DNS:" + name;
    spec.valid_from_hours = valid_to_hours - 24;
    spec.valid_to_hours = valid_to_hours;
    return forge(spec, nullptr);
  }

  fs::path folder = fs::path(testing::TempDir()) / ("identity_files_" + std::to_string(::getpid()));
};

TEST_F(IdentityFiles, AreLoadedTogether) {
  const tls::Identity identity = named("a.test");
  const auto loaded = tls::load_identity(write("a", identity));
  ASSERT_TRUE(loaded) << loaded.error().detail;
  EXPECT_EQ(loaded->identity.chain.front().facts().sha256, identity.chain.front().facts().sha256);
  EXPECT_TRUE(loaded->warnings.empty());
}

TEST_F(IdentityFiles, AreRefusedByName) {
  tls::IdentityFiles files = write("a", named("a.test"));
  const tls::IdentityFiles other = write("b", named("b.test"));
  const auto mixed = tls::load_identity({files.certificate, other.key});
  ASSERT_FALSE(mixed);
  EXPECT_EQ(mixed.error().code, base::ErrorCode::kBadRequest);
  EXPECT_TRUE(mixed.error().detail.starts_with(files.certificate + " with " + other.key + ": "))
      << mixed.error().detail;
  files.key += ".missing";
  const auto missing = tls::load_identity(files);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, base::ErrorCode::kIo);
  EXPECT_NE(missing.error().detail.find(files.key), std::string::npos);
}

TEST_F(IdentityFiles, WarnOfKeysThatEveryoneMayRead) {
  const auto loaded = tls::load_identity(write("a", named("a.test"), 0644));
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->warnings.size(), 1U);
  EXPECT_EQ(loaded->warnings[0],
            "every user of this system may use the key " + (folder / "a.key").string() +
                " (its mode is 0644); chmod 0600, or defaultMode: 0400 for a Kubernetes Secret");
  EXPECT_TRUE(tls::load_identity(write("b", named("b.test"), 0640))->warnings.empty());
}

TEST_F(IdentityFiles, WarnOfDatesThatClientsWillNotAccept) {
  const auto past = tls::load_identity(write("a", named("a.test", -1)));
  ASSERT_TRUE(past);
  ASSERT_EQ(past->warnings.size(), 1U);
  EXPECT_NE(past->warnings[0].find("a.crt has expired ("), std::string::npos);
  const auto future = tls::load_identity(write("b", named("b.test", 48)));
  ASSERT_TRUE(future);
  ASSERT_EQ(future->warnings.size(), 1U);
  EXPECT_NE(future->warnings[0].find("is not valid before"), std::string::npos);
}

TEST_F(IdentityFiles, MakeOneServerOfSeveral) {
  const std::vector<tls::IdentityFiles> files{write("a", named("a.test", 20)),
                                              write("b", named("b.test", 10), 0644)};
  const auto server = tls::load_server(files, {});
  ASSERT_TRUE(server) << server.error().detail;
  EXPECT_EQ(server->context->identity_for("b.test").chain.front().facts().subject, "CN=b.test");
  EXPECT_EQ(server->context->identity_for("c.test").chain.front().facts().subject, "CN=a.test");
  EXPECT_EQ(server->not_after,
            server->context->identity_for("b.test").chain.front().facts().not_after);
  EXPECT_EQ(server->warnings.size(), 1U);
}

TEST_F(IdentityFiles, AreNamedWhenTheirCertificateCannotBeUsed) {
  Forgery weak;
  weak.key = "RSA:1024";
  const std::vector<tls::IdentityFiles> files{write("a", named("a.test")),
                                              write("b", forge(weak, nullptr))};
  const auto server = tls::load_server(files, {});
  ASSERT_FALSE(server);
  EXPECT_NE(server.error().detail.find("b.crt with "), std::string::npos) << server.error().detail;
  EXPECT_FALSE(tls::load_server({}, {}));
}

TEST_F(IdentityFiles, ShowWhenEitherOfThemChanges) {
  const tls::IdentityFiles files = write("a", named("a.test"));
  const auto before = tls::stamps_of(files);
  EXPECT_EQ(tls::stamps_of(files), before);
  const tls::IdentityFiles renewed = write("new", named("a.test"));
  fs::rename(renewed.key, files.key);
  EXPECT_NE(tls::stamps_of(files), before);
}

}  // namespace
