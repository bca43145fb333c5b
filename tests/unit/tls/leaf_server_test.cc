#include "tls/leaf_server.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "tests/unit/tls/forge.h"
#include "tls/leaf_issuer.h"
#include "tls/session_cache.h"

namespace {

using namespace std::chrono_literals;
using tls_test::Ends;
using tls_test::make_wire;
using tls_test::must;

class LeafServerTest : public testing::Test {
 protected:
  static tls::PeerName name(std::string_view text) { return must(tls::PeerName::parse(text)); }

  std::shared_ptr<const tls::Leaf> leaf_for(std::string_view host) const {
    return must(issuer->issue(name(host), {}, base::wall_now()));
  }

  // A client that trusts the CA and asks for `host` is shown `leaf`.
  Ends shake(std::string_view host, const tls::Leaf& leaf, std::vector<std::string> offered = {}) {
    tls::TrustStore trust;
    trust.add(ca.chain().back());
    const auto client = must(tls::ClientContext::make(trust, {std::move(offered)}));
    tls_test::Wire wire = make_wire(loop);
    auto stream = must(client->make_stream(std::move(wire.client_end), name(host)));
    return tls_test::shake(loop, std::move(stream),
                           must(server->make_stream(std::move(wire.server_end), leaf)));
  }
  Ends shake(std::string_view host, std::vector<std::string> offered = {}) {
    return shake(host, *leaf_for(host), std::move(offered));
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
    const Ends ends = shake(host);
    ASSERT_TRUE(ends.both_done()) << ends.at_client->info.error().detail;
    EXPECT_EQ(ends.at_client->peer->sans, std::vector<std::string>{host});
    EXPECT_EQ(ends.at_client->info->trust_anchor, "CN=Inspection");
  }
  EXPECT_EQ(shake("good.test", *leaf_for("other.test")).at_client->fault,
            tls::Fault::kHostMismatch);
}

TEST_F(LeafServerTest, TellsBothSidesWhatToDoWhenAlpnFindsNothing) {
  const Ends ends = shake("good.test", {"other/1"});
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
  const auto leaf = leaf_for("good.test");
  for (const auto& shown : {leaf, must(tls::LeafServer::settle(*leaf))}) {
    const Ends ends = shake("good.test", *shown);
    ASSERT_TRUE(ends.both_done()) << ends.at_client->info.error().detail;
    EXPECT_EQ(ends.at_client->info->trust_anchor, "CN=Root");
    EXPECT_EQ(sk_X509_num(SSL_get_peer_cert_chain(ends.client->raw())), 2);
  }
}

TEST_F(LeafServerTest, ShowsTheSameOnceItIsSettled) {
  const auto leaf = leaf_for("good.test");
  const auto settled = must(tls::LeafServer::settle(*leaf));
  EXPECT_EQ(settled->identity.chain.front().der(), leaf->identity.chain.front().der());
  EXPECT_NE(settled->identity.chain.front().raw(), leaf->identity.chain.front().raw());
  for (const char* protocol : {"h2", "http/1.1"}) {
    const Ends ends = shake("good.test", *settled, {protocol});
    ASSERT_TRUE(ends.both_done()) << ends.at_client->info.error().detail;
    EXPECT_EQ(ends.at_client->peer->sha256, leaf->identity.chain.front().facts().sha256);
    EXPECT_EQ(alpn(ends), protocol);
    EXPECT_EQ(SSL_get_SSL_CTX(ends.server->raw()), settled->context.get());
  }
  EXPECT_EQ(shake("other.test", *settled).at_client->fault, tls::Fault::kHostMismatch);
}

TEST_F(LeafServerTest, AgreesOnAProtocolThatWasOffered) {
  EXPECT_EQ(alpn(shake("a.test", {"http/1.1", "h2"})), "h2");
  EXPECT_EQ(alpn(shake("a.test", {"http/1.1"})), "http/1.1");
  EXPECT_EQ(alpn(shake("a.test")), "");
}

TEST_F(LeafServerTest, RefusesClientsThatOfferOtherProtocolsOnly) {
  const Ends ends = shake("a.test", {"http/1.0"});
  EXPECT_FALSE(ends.at_client->info);
  EXPECT_EQ(ends.at_server->fault, tls::Fault::kNoCipher);
}

// A client that keeps sessions, and shows itself as `client`.
class Returning : public LeafServerTest, public testing::WithParamInterface<int> {
 protected:
  Returning() {
    server = must(tls::LeafServer::make(tls::Resumption::kByTicket));
    tls::TrustStore roots;
    roots.add(ca.chain().back());
    clients = must(tls::ClientContext::make(roots));
  }

  Ends meet(const tls::Leaf& leaf, std::string_view client) {
    tls_test::Wire wire = make_wire(loop);
    // Under one key, whatever it asks for: what is resumed is the server's to say.
    auto asking =
        must(clients->make_stream(std::move(wire.client_end), name("good.test"), {&cache, "443"}));
    auto shown = must(server->make_stream(std::move(wire.server_end), leaf, client));
    SSL_set_max_proto_version(shown->raw(), GetParam());
    return tls_test::shake(loop, std::move(asking), std::move(shown));
  }
  // Whether the handshake resumes what an earlier one began.
  bool resumes(const tls::Leaf& leaf, std::string_view client = "node-1") {
    const Ends ends = meet(leaf, client);
    EXPECT_TRUE(ends.both_done());
    if (!ends.both_done()) return false;
    const std::string_view data = "x";  // the ticket comes before it
    char octet = 0;
    EXPECT_EQ(ends.server->try_write({&data, 1}).bytes, 1U);
    EXPECT_EQ(tls_test::read_once(loop, *ends.client, {&octet, 1}).bytes, 1U);
    EXPECT_EQ(ends.at_client->info->resumed, ends.at_server->info->resumed);
    return ends.at_server->info->resumed;
  }

  std::shared_ptr<const tls::ClientContext> clients;
  tls::SessionCache cache{10};
};

TEST_P(Returning, IsSparedTheCertificate) {
  const auto leaf = leaf_for("good.test");
  EXPECT_FALSE(resumes(*leaf));
  EXPECT_TRUE(resumes(*leaf));
  // Another worker's leaf, a settled one, and those of the next configuration.
  EXPECT_TRUE(resumes(*leaf_for("good.test")));
  EXPECT_TRUE(resumes(*must(tls::LeafServer::settle(*leaf))));
  server = must(tls::LeafServer::make(tls::Resumption::kByTicket));
  EXPECT_TRUE(resumes(*leaf));
}

TEST_P(Returning, HasNothingWhereNoTicketsAreGiven) {
  server = must(tls::LeafServer::make());
  const auto leaf = leaf_for("good.test");
  for (int i = 0; i < 2; ++i) {
    EXPECT_FALSE(resumes(*leaf));
    EXPECT_FALSE(resumes(*must(tls::LeafServer::settle(*leaf))));
  }
}

TEST_P(Returning, IsNobodyElse) {
  const auto leaf = leaf_for("good.test");
  EXPECT_FALSE(resumes(*leaf, "node-1"));
  EXPECT_FALSE(resumes(*leaf, "node-2"));
  EXPECT_FALSE(resumes(*leaf, ""));
  EXPECT_TRUE(resumes(*leaf, ""));
}

TEST_P(Returning, BringsNoTicketOfAnotherName) {
  EXPECT_FALSE(resumes(*leaf_for("good.test")));
  EXPECT_EQ(meet(*leaf_for("other.test"), "node-1").at_client->fault, tls::Fault::kHostMismatch);
}

TEST_P(Returning, BringsNoTicketOfAnotherCa) {
  ca = must(tls::Authority::create({"Inspection", now - 24h, now + 240h}));
  const auto other_ca = must(tls::LeafIssuer::make(ca));
  tls::TrustStore both;
  both.add(issuer->authority().chain().back());
  both.add(ca.chain().back());
  clients = must(tls::ClientContext::make(both));
  const auto leaf = leaf_for("good.test");
  EXPECT_FALSE(resumes(*leaf));
  EXPECT_FALSE(resumes(*must(other_ca->issue(name("good.test"), {}, now))));
  EXPECT_FALSE(resumes(*leaf));
  EXPECT_TRUE(resumes(*leaf));
}

INSTANTIATE_TEST_SUITE_P(Versions, Returning, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION));

}  // namespace
