// Servers that ask for certificates of their clients, and resume sessions.
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <ctime>

#include "tests/unit/tls/forge.h"

namespace {

using tls::ClientCertificate;
using tls::Fault;
using tls::Identity;
using tls_test::authority;
using tls_test::Ends;
using tls_test::forge;
using tls_test::Forgery;
using tls_test::must;
using tls_test::with_chain;

Forgery robot() {
  Forgery spec;
  spec.common_name = "robot";
  spec.names = "URI:spiffe://x/ns/a/sa/robot";
  spec.purpose = "clientAuth";
  return spec;
}

class WithClients : public testing::TestWithParam<int> {
 protected:
  WithClients() : context(make_server(clients_root, ClientCertificate::kRequired)) {}

  std::shared_ptr<const tls::ServerContext> make_server(const Identity& root,
                                                        ClientCertificate need) {
    tls::ServerOptions options;
    options.client_certificates.emplace();
    options.client_certificates->authorities.add(root.chain.front());
    options.client_certificates->need = need;
    options.resumption = tls::Resumption::kByTicket;
    return must(tls::ServerContext::make({world.leaf({"good.test"})}, options));
  }
  Ends connect(const Identity* identity, SSL_SESSION* session = nullptr) {
    tls_test::Wire wire = tls_test::make_wire(loop);
    auto client = tls_test::wild_client({GetParam(), identity, session}, world.root.certificate(),
                                        std::move(wire.client_end));
    auto server = must(context->make_stream(std::move(wire.server_end)));
    if (server_clock != 0) X509_VERIFY_PARAM_set_time(SSL_get0_param(server->raw()), server_clock);
    Ends ends = tls_test::shake(loop, std::move(client), std::move(server));
    if (ends.at_client->info && ends.at_server->info) {
      char octet = 0;
      ends.client->try_read({&octet, 1});  // takes the ticket, which comes after the handshake
    }
    return ends;
  }
  static tls::SessionPtr session_of(const Ends& ends) {
    return tls::SessionPtr(SSL_get1_session(ends.client->raw()));
  }

  net::Loop loop;
  tls_test::World world;
  Identity clients_root = forge(authority("Clients Root"), nullptr);
  std::shared_ptr<const tls::ServerContext> context;
  std::time_t server_clock = 0;  // what it takes for now when it verifies; 0: the time it is
};

TEST_P(WithClients, LearnsWhoTheClientIs) {
  const Identity client = forge(robot(), &clients_root);
  const Ends ends = connect(&client);
  ASSERT_TRUE(ends.at_server->info) << ends.at_server->info.error().detail;
  EXPECT_EQ(ends.at_server->info->client_identity, "spiffe://x/ns/a/sa/robot");
  EXPECT_EQ(ends.at_server->peer->subject, "CN=robot");
  EXPECT_FALSE(ends.at_server->info->resumed);
}

TEST_P(WithClients, AcceptsChainsWithIntermediates) {
  const Identity middle = forge(authority("Middle"), &clients_root);
  const Identity client = with_chain(forge(robot(), &middle), {middle});
  EXPECT_TRUE(connect(&client).at_server->info);
}

TEST_P(WithClients, RefusesAClientWithoutACertificate) {
  const Ends ends = connect(nullptr);
  ASSERT_FALSE(ends.at_server->info);
  EXPECT_EQ(ends.at_server->fault, Fault::kClientCertificateMissing);
  const base::Error& error = ends.at_server->info.error();
  EXPECT_EQ(error.code, base::ErrorCode::kTlsHandshake);
  EXPECT_EQ(error.party, base::Party::kClient);
  EXPECT_NE(error.detail.find("it sent no client certificate"), std::string::npos) << error.detail;
}

TEST_P(WithClients, LetsAClientDoWithoutWhereThatIsAllowed) {
  context = make_server(clients_root, ClientCertificate::kOptional);
  const Ends ends = connect(nullptr);
  ASSERT_TRUE(ends.at_server->info);
  EXPECT_EQ(ends.at_server->info->client_identity, "");
  const Identity client = forge(robot(), &clients_root);
  EXPECT_EQ(connect(&client).at_server->info->client_identity, "spiffe://x/ns/a/sa/robot");
}

TEST_P(WithClients, RefusesCertificatesThatItCannotVerify) {
  const Identity other_root = forge(authority("Other Root"), nullptr);
  const auto change = [this](void (*how)(Forgery&)) {
    Forgery spec = robot();
    how(spec);
    return forge(spec, &clients_root);
  };
  const Identity middle = forge(authority("Middle"), &clients_root);
  const std::pair<Fault, Identity> cases[] = {
      {Fault::kUntrustedRoot, forge(robot(), &other_root)},
      {Fault::kUntrustedRoot, forge(robot(), &middle)},
      {Fault::kSelfSigned, forge(robot(), nullptr)},
      {Fault::kExpired, change([](Forgery& f) { f.valid_from_hours = -9, f.valid_to_hours = -1; })},
      {Fault::kNotYetValid, change([](Forgery& f) { f.valid_from_hours = 1; })},
      {Fault::kBadPurpose, change([](Forgery& f) { f.purpose = "serverAuth"; })},
      {Fault::kWeakKey, change([](Forgery& f) { f.key = "RSA:1024"; })},
      {Fault::kMalformedCertificate, change([](Forgery& f) { f.key = "explicit"; })},
  };
  for (const ClientCertificate need :
       {ClientCertificate::kRequired, ClientCertificate::kOptional}) {
    context = make_server(clients_root, need);
    for (const auto& [fault, client] : cases) {
      const Ends ends = connect(&client);
      ASSERT_FALSE(ends.at_server->info) << token_of(fault);
      EXPECT_EQ(token_of(ends.at_server->fault), token_of(fault));
      EXPECT_EQ(ends.at_server->info.error().code, base::ErrorCode::kTlsCertificate);
      EXPECT_EQ(ends.at_server->info.error().party, base::Party::kClient);
    }
  }
}

TEST_P(WithClients, NamesTheWayOutForTheClient) {
  const Identity other_root = forge(authority("Other Root"), nullptr);
  const Identity client = forge(robot(), &other_root);
  const Ends ends = connect(&client);
  EXPECT_EQ(ends.at_server->info.error().detail,
            "TLS with the client failed: its chain ends in an authority that is not trusted "
            "(subject \"CN=robot\", issuer \"CN=Other Root\"; OpenSSL: unable to get local issuer "
            "certificate); use one that an authority of this listener issued, with its "
            "intermediates");
}

TEST_P(WithClients, ResumesSessionsWithTheirIdentity) {
  const Identity client = forge(robot(), &clients_root);
  tls::SessionPtr session = session_of(connect(&client));
  // Twice, since what resumes gets a ticket as well. The certificate is not needed again.
  for (int i = 0; i < 2; ++i) {
    const Ends ends = connect(nullptr, session.get());
    ASSERT_TRUE(ends.at_server->info) << ends.at_server->info.error().detail;
    EXPECT_TRUE(ends.at_server->info->resumed);
    EXPECT_EQ(ends.at_server->info->client_identity, "spiffe://x/ns/a/sa/robot");
    EXPECT_EQ(ends.at_server->peer->subject, "CN=robot");
    session = session_of(ends);
  }
}

TEST_P(WithClients, ResumesSessionsOfClientsThatShowedNone) {
  tls::ServerOptions options;
  options.resumption = tls::Resumption::kByTicket;
  context = must(tls::ServerContext::make({world.leaf({"good.test"})}, options));
  const tls::SessionPtr session = session_of(connect(nullptr));
  const Ends ends = connect(nullptr, session.get());
  ASSERT_TRUE(ends.at_server->info);
  EXPECT_TRUE(ends.at_server->info->resumed);
  EXPECT_EQ(ends.at_server->info->client_identity, "");
}

// After a reload, with other authorities or the same, nobody comes in by what was before.
TEST_P(WithClients, ResumesNothingOfAnotherContext) {
  const Identity client = forge(robot(), &clients_root);
  const tls::SessionPtr session = session_of(connect(&client));
  context = make_server(clients_root, ClientCertificate::kRequired);
  const Ends again = connect(&client, session.get());
  ASSERT_TRUE(again.at_server->info);
  EXPECT_FALSE(again.at_server->info->resumed);
  context = make_server(forge(authority("New Root"), nullptr), ClientCertificate::kRequired);
  EXPECT_FALSE(connect(&client, session.get()).at_server->info);
  EXPECT_FALSE(connect(nullptr, session.get()).at_server->info);
}

TEST_P(WithClients, ResumesNothingOnceTheClientsCertificateHasExpired) {
  Forgery spec = robot();
  spec.valid_from_hours = -9;
  spec.valid_to_hours = 0;
  const Identity client = forge(spec, &clients_root);
  server_clock = std::time(nullptr) - 1800;
  const Ends first = connect(&client);
  ASSERT_TRUE(first.at_server->info) << first.at_server->info.error().detail;
  const tls::SessionPtr session = session_of(first);
  // Were the date not looked at, this would be a resumption.
  EXPECT_FALSE(connect(nullptr, session.get()).at_server->info);
}

INSTANTIATE_TEST_SUITE_P(Versions, WithClients, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& each) {
                           return each.param == TLS1_3_VERSION ? "Tls13" : "Tls12";
                         });

}  // namespace
