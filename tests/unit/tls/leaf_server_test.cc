#include "tls/leaf_server.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "tests/unit/tls/forge.h"
#include "tls/leaf_issuer.h"

namespace {

using namespace std::chrono_literals;
using Protocols = tls::LeafServer::Protocols;
using tls_test::Ends;
using tls_test::make_wire;
using tls_test::must;

class LeafServerTest : public testing::Test {
 protected:
  static tls::PeerName name(std::string_view text) { return must(tls::PeerName::parse(text)); }

  // A client that trusts the CA and asks for `host` is shown the leaf for `shown`.
  Ends shake(std::string_view host, std::string_view shown, Protocols protocols,
             std::vector<std::string> offered = {}) {
    const auto leaf = must(issuer->issue(name(shown), {}, base::wall_now()));
    tls::TrustStore trust;
    trust.add(ca.chain().back());
    const auto client = must(tls::ClientContext::make(trust, {std::move(offered)}));
    tls_test::Wire wire = make_wire(loop);
    auto stream = must(client->make_stream(std::move(wire.client_end), name(host)));
    return tls_test::shake(
        loop, std::move(stream),
        must(server->make_stream(std::move(wire.server_end), leaf->identity, protocols)));
  }
  static std::string alpn(const Ends& ends) { return ends.at_client->info->alpn; }

  net::Loop loop;
  base::WallTime now = base::wall_now();
  tls::Authority ca = must(tls::Authority::create({"Inspection", now - 24h, now + 240h}));
  std::shared_ptr<const tls::LeafIssuer> issuer = must(tls::LeafIssuer::make(ca));
  std::shared_ptr<const tls::LeafServer> server = must(tls::LeafServer::make());
};

TEST_F(LeafServerTest, ShowsTheLeafItIsGiven) {
  for (const char* host : {"good.test", "192.0.2.7", "2001:db8::7"}) {
    const Ends ends = shake(host, host, Protocols::kHttp11);
    ASSERT_TRUE(ends.both_done()) << ends.at_client->info.error().detail;
    EXPECT_EQ(ends.at_client->peer->sans, std::vector<std::string>{host});
    EXPECT_EQ(ends.at_client->info->trust_anchor, "CN=Inspection");
  }
  EXPECT_EQ(shake("good.test", "other.test", Protocols::kHttp11).at_client->fault,
            tls::Fault::kHostMismatch);
}

TEST_F(LeafServerTest, TellsBothSidesWhatToDoWhenAlpnFindsNothing) {
  const Ends ends = shake("good.test", "good.test", Protocols::kHttp2OrHttp11, {"other/1"});
  for (const auto& outcome : {ends.at_client, ends.at_server}) {
    ASSERT_FALSE(outcome->info);
    EXPECT_NE(outcome->info.error().detail.find("offer a common protocol by ALPN"),
              std::string::npos)
        << outcome->info.error().detail;
  }
}

TEST_F(LeafServerTest, SendsTheIntermediatesOfTheCa) {
  const tls::Identity root = tls_test::forge(tls_test::authority("Root"), nullptr);
  ca = must(tls::Authority::from_identity(
      tls_test::with_chain(tls_test::forge(tls_test::authority("Middle"), &root), {root})));
  issuer = must(tls::LeafIssuer::make(ca));
  const Ends ends = shake("good.test", "good.test", Protocols::kHttp11);
  ASSERT_TRUE(ends.both_done()) << ends.at_client->info.error().detail;
  EXPECT_EQ(ends.at_client->info->trust_anchor, "CN=Root");
  EXPECT_EQ(sk_X509_num(SSL_get_peer_cert_chain(ends.client->raw())), 2);
}

TEST_F(LeafServerTest, AgreesOnAProtocolThatWasOffered) {
  const std::vector<std::string> both{"h2", "http/1.1"};
  EXPECT_EQ(alpn(shake("a.test", "a.test", Protocols::kHttp2OrHttp11, both)), "h2");
  EXPECT_EQ(alpn(shake("a.test", "a.test", Protocols::kHttp11, both)), "http/1.1");
  EXPECT_EQ(alpn(shake("a.test", "a.test", Protocols::kHttp2OrHttp11, {"http/1.1"})), "http/1.1");
  EXPECT_EQ(alpn(shake("a.test", "a.test", Protocols::kHttp2OrHttp11)), "");
}

TEST_F(LeafServerTest, RefusesClientsThatOfferOtherProtocolsOnly) {
  const Ends ends = shake("a.test", "a.test", Protocols::kHttp11, {"h2"});
  EXPECT_FALSE(ends.at_client->info);
  EXPECT_EQ(ends.at_server->fault, tls::Fault::kNoCipher);
}

TEST_F(LeafServerTest, GivesNoTickets) {
  const Ends ends = shake("a.test", "a.test", Protocols::kHttp11);
  ASSERT_TRUE(ends.both_done());
  EXPECT_EQ(SSL_SESSION_has_ticket(SSL_get0_session(ends.client->raw())), 0);
}

}  // namespace
