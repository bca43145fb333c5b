// The whole program runs under an openssl.cnf that weakens every TLS context of the system: what
// the tests see refused is refused by our own settings.
#include <gtest/gtest.h>
#include <openssl/conf.h>
#include <openssl/ssl.h>

#include <string_view>

#include "tls/handles.h"

namespace {

constexpr std::string_view kConfig = R"(
openssl_conf = everything
[everything]
ssl_conf = programs
[programs]
system_default = weak
[weak]
MinProtocol = TLSv1
CipherString = ALL:@SECLEVEL=0
Options = UnsafeLegacyServerConnect,UnsafeLegacyRenegotiation,-NoRenegotiation
)";

class WeakSystem final : public testing::Environment {
 public:
  void SetUp() override {
    CONF* const config = NCONF_new(nullptr);
    const tls::BioPtr text(BIO_new_mem_buf(kConfig.data(), static_cast<int>(kConfig.size())));
    ASSERT_EQ(NCONF_load_bio(config, text.get(), nullptr), 1);
    ASSERT_EQ(CONF_modules_load(config, nullptr, 0), 1);
    NCONF_free(config);
  }
};

const testing::Environment* const kWeakSystem = testing::AddGlobalTestEnvironment(new WeakSystem);

TEST(WeakSystem, WeakensContextsThatDoNotProtectThemselves) {
  ASSERT_NE(kWeakSystem, nullptr);
  const tls::SslContextPtr context(SSL_CTX_new(TLS_client_method()));
  EXPECT_EQ(SSL_CTX_get_security_level(context.get()), 0);
  EXPECT_EQ(SSL_CTX_get_min_proto_version(context.get()), TLS1_VERSION);
  EXPECT_NE(SSL_CTX_get_options(context.get()) & SSL_OP_LEGACY_SERVER_CONNECT, 0U);
}

}  // namespace
