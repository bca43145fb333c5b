#include "tls/server.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "tests/unit/tls/forge.h"

namespace {

using tls::Fault;
using tls_test::Ends;
using tls_test::make_wire;
using tls_test::must;
using tls_test::World;

class Server : public testing::Test {
 protected:
  Ends shake(std::string_view host = "good.test") {
    Ends ends = world.connect(make_wire(loop), host);
    return tls_test::shake(loop, std::move(ends.client), std::move(ends.server));
  }
  void offer(std::vector<std::string> client, std::vector<std::string> server) {
    tls::TrustStore trust;
    trust.add(world.root.certificate());
    world.client = must(tls::ClientContext::make(trust, {std::move(client)}));
    world.server = must(tls::ServerContext::make({world.leaf({"good.test"})}, {std::move(server)}));
  }

  net::Loop loop;
  World world;
};

TEST_F(Server, ChoosesTheCertificateBySni) {
  world.server =
      must(tls::ServerContext::make({world.leaf({"first.test"}), world.leaf({"*.wild.test"}),
                                     world.leaf({"exact.wild.test", "second.test"})}));
  const std::pair<const char*, const char*> expected[] = {{"first.test", "CN=first.test"},
                                                          {"second.test", "CN=exact.wild.test"},
                                                          {"exact.wild.test", "CN=exact.wild.test"},
                                                          {"any.wild.test", "CN=*.wild.test"}};
  for (const auto& [host, subject] : expected) {
    const Ends ends = shake(host);
    ASSERT_TRUE(ends.both_done()) << host;
    EXPECT_EQ(ends.at_client->peer->subject, subject);
    EXPECT_EQ(ends.at_server->info->server_name, host);
  }
  // The first one stands in for names that nobody has.
  EXPECT_EQ(shake("a.b.wild.test").at_client->peer->subject, "CN=first.test");
  EXPECT_EQ(&world.server->identity_for("ANY.wild.TEST"),
            &world.server->identity_for("b.wild.test"));
}

TEST_F(Server, SendsItsIntermediates) {
  const tls::Identity root = tls_test::forge(tls_test::authority("Root"), nullptr);
  const tls::Identity middle = tls_test::forge(tls_test::authority("Middle"), &root);
  tls::TrustStore trust;
  trust.add(root.chain.front());
  world.client = must(tls::ClientContext::make(trust));
  const tls::Identity leaf = tls_test::forge({}, &middle);
  world.server = must(tls::ServerContext::make({tls_test::with_chain(leaf, {middle})}));
  EXPECT_TRUE(shake().both_done());
}

TEST_F(Server, AgreesOnAnApplicationProtocolInItsOwnOrder) {
  offer({"http/1.1", "h2"}, {"h2", "http/1.1"});
  const Ends ends = shake();
  ASSERT_TRUE(ends.both_done());
  EXPECT_EQ(ends.at_client->info->alpn, "h2");
  EXPECT_EQ(ends.at_server->info->alpn, "h2");
}

TEST_F(Server, RefusesClientsThatShareNoApplicationProtocol) {
  offer({"h2"}, {"http/1.1"});
  const Ends ends = shake();
  EXPECT_EQ(ends.at_server->fault, Fault::kNoCipher);
  EXPECT_EQ(ends.at_client->fault, Fault::kNoCipher) << ends.at_client->info.error().detail;
}

TEST_F(Server, ServesClientsThatOfferNoneAndIgnoresOffersWhenItHasNone) {
  offer({}, {"http/1.1"});
  EXPECT_TRUE(shake().both_done());
  offer({"http/1.1"}, {});
  const Ends ends = shake();
  ASSERT_TRUE(ends.both_done());
  EXPECT_EQ(ends.at_client->info->alpn, "");
}

TEST_F(Server, IsRefusedByClientsWhenItChoosesAProtocolThatWasNotOffered) {
  offer({"http/1.1"}, {});
  tls_test::Wire wire = make_wire(loop);
  const tls_test::WildServer spec{.alpn = "h2"};
  auto client = must(
      world.client->make_stream(std::move(wire.client_end), *tls::PeerName::parse("good.test")));
  auto server = tls_test::wild_server(spec, world.leaf({"good.test"}), std::move(wire.server_end));
  const Ends ends = tls_test::shake(loop, std::move(client), std::move(server));
  EXPECT_FALSE(ends.at_client->info);
  EXPECT_EQ(ends.at_client->fault, Fault::kOther);
}

TEST_F(Server, AllowsNoOldProtocol) {
  tls_test::Wire wire = make_wire(loop);
  const tls::SslContextPtr old(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_max_proto_version(old.get(), TLS1_1_VERSION);
  tls::SslPtr ssl(SSL_new(old.get()));
  SSL_set_connect_state(ssl.get());
  auto client =
      std::make_unique<tls::TlsStream>(std::move(ssl), std::move(wire.client_end), "the server");
  auto server = must(world.server->make_stream(std::move(wire.server_end)));
  const Ends ends = tls_test::shake(loop, std::move(client), std::move(server));
  EXPECT_EQ(ends.at_server->fault, Fault::kProtocolVersion);
  EXPECT_EQ(ends.at_client->fault, Fault::kProtocolVersion);
}

TEST_F(Server, RefusesIdentitiesItCouldNotUse) {
  EXPECT_FALSE(tls::ServerContext::make({}));
  tls::Identity mixed = world.leaf({"good.test"});
  mixed.key = must(tls::PrivateKey::generate());
  const auto foreign = tls::ServerContext::make({mixed});
  ASSERT_FALSE(foreign);
  EXPECT_NE(foreign.error().detail.find("CN=good.test"), std::string::npos);
  tls_test::Forgery weak;
  weak.key = "RSA:1024";
  EXPECT_FALSE(tls::ServerContext::make({tls_test::forge(weak, nullptr)}));
}

TEST_F(Server, RefusesEmptyAndOverlongProtocolNames) {
  EXPECT_FALSE(tls::ServerContext::make({world.leaf({"good.test"})}, {{""}}));
  EXPECT_FALSE(tls::ClientContext::make(tls::TrustStore(), {{std::string(256, 'x')}}));
}

}  // namespace
