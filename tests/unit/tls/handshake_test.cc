#include "tls/handshake.h"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "net/io.h"
#include "tests/unit/tls/forge.h"

namespace {

using namespace std::chrono_literals;
using tls::Fault;
using tls_test::Ends;
using tls_test::make_wire;
using tls_test::must;
using tls_test::Pace;
using tls_test::WildServer;
using tls_test::World;

class Handshake : public testing::Test {
 protected:
  Ends shake(std::string_view host = "good.test", Pace pace = Pace::kWhole) {
    Ends ends = world.connect(make_wire(loop, pace), host);
    return tls_test::shake(loop, std::move(ends.client), std::move(ends.server));
  }
  Ends shake_with(const WildServer& spec) {
    tls_test::Wire wire = make_wire(loop);
    auto client = must(world.client->make_stream(std::move(wire.client_end), peer));
    auto server =
        tls_test::wild_server(spec, world.leaf({"good.test"}), std::move(wire.server_end));
    return tls_test::shake(loop, std::move(client), std::move(server));
  }
  // What becomes of a TLS client (or server) when the other end says `words` and hangs up.
  tls::HandshakeOutcome hear(tls::Role role, const std::string& words) {
    tls_test::Wire wire = make_wire(loop);
    tls_test::TlsPtr stream =
        role == tls::Role::kClient
            ? must(world.client->make_stream(std::move(wire.client_end), peer))
            : must(world.server->make_stream(std::move(wire.server_end)));
    net::Stream& other = role == tls::Role::kClient ? *wire.server_end : *wire.client_end;
    std::optional<tls::HandshakeOutcome> outcome;
    std::vector<net::Task<void>> tasks;
    tasks.push_back(tls_test::shake_one(*stream, tls_test::soon_enough(loop), outcome));
    if (words.empty()) {
      other.shutdown_write();
    } else {
      tasks.push_back(tls_test::say(other, words, tls_test::soon_enough(loop)));
    }
    tls_test::run(loop, std::move(tasks));
    return std::move(*outcome);
  }

  net::Loop loop;
  World world;
  tls::PeerName peer = must(tls::PeerName::parse("good.test"));
};

TEST_F(Handshake, SucceedsWholeAndOctetByOctetAlike) {
  for (const Pace pace : {Pace::kWhole, Pace::kDrip}) {
    const Ends ends = shake("good.test", pace);
    ASSERT_TRUE(ends.both_done()) << ends.at_client->info.error().detail;
    const tls::HandshakeInfo& info = *ends.at_client->info;
    EXPECT_EQ(info.protocol, "TLSv1.3");
    EXPECT_EQ(info.cipher, ends.at_server->info->cipher);
    EXPECT_EQ(info.trust_anchor, "CN=Test Root");
    EXPECT_FALSE(info.client_certificate_requested);
    EXPECT_EQ(ends.at_client->peer->issuer, "CN=Test Root");
    EXPECT_EQ(ends.at_client->fault, Fault::kNone);
    EXPECT_FALSE(ends.at_server->peer);
    EXPECT_EQ(ERR_peek_error(), 0U);
  }
}

TEST_F(Handshake, FailsOctetByOctetAsItDoesWhole) {
  const Ends whole = shake("wrong.test");
  const Ends drip = shake("wrong.test", Pace::kDrip);
  EXPECT_EQ(whole.at_client->fault, Fault::kHostMismatch);
  ASSERT_FALSE(whole.at_client->info);
  ASSERT_FALSE(drip.at_client->info);
  EXPECT_EQ(drip.at_client->info.error().detail, whole.at_client->info.error().detail);
  EXPECT_EQ(whole.at_server->fault, Fault::kAlertReceived);
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST_F(Handshake, SendsTheNameAsSniWithoutItsDot) {
  EXPECT_EQ(shake("good.test.").at_server->info->server_name, "good.test");
}

TEST_F(Handshake, SendsNoSniForAddresses) {
  world.server = must(tls::ServerContext::make({world.leaf({"192.0.2.1", "2001:db8::1"})}));
  for (const char* host : {"192.0.2.1", "[2001:db8::1]"}) {
    const Ends ends = shake(host);
    ASSERT_TRUE(ends.both_done());
    EXPECT_EQ(ends.at_server->info->server_name, "");
  }
}

TEST_F(Handshake, TellsTheClientWhoDoesNotTrustUs) {
  world.client = must(tls::ClientContext::make(tls::TrustStore()));
  const Ends ends = shake();
  EXPECT_EQ(ends.at_client->fault, Fault::kUntrustedRoot);
  ASSERT_FALSE(ends.at_server->info);
  const base::Error& error = ends.at_server->info.error();
  EXPECT_EQ(error.code, base::ErrorCode::kTlsHandshake);
  EXPECT_EQ(error.party, base::Party::kClient);
  EXPECT_EQ(error.detail,
            "TLS with the client failed: it sent the alert unknown CA (48); it does not trust our "
            "certificate: give it the authority that issued it");
}

TEST_F(Handshake, SaysThatTheServerAnswersInPlainHttp) {
  const auto outcome = hear(tls::Role::kClient, "HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_EQ(outcome.fault, Fault::kOther);
  EXPECT_EQ(outcome.info.error().code, base::ErrorCode::kTlsHandshake);
  EXPECT_EQ(
      outcome.info.error().detail,
      "TLS with good.test failed: it answers in plain HTTP on this port; use http:// or its TLS "
      "port");
}

TEST_F(Handshake, SaysThatTheClientSpeaksPlainHttp) {
  for (const char* words : {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "CONNECT a:443 HTTP/1.1\r\n\r\n",
                            "DELETE / HTTP/1.1\r\n\r\n"}) {
    const auto outcome = hear(tls::Role::kServer, words);
    EXPECT_EQ(
        outcome.info.error().detail,
        "TLS with the client failed: it speaks plain HTTP to a port that expects TLS; use https:// "
        "there or the plain port")
        << words;
    EXPECT_EQ(outcome.info.error().party, base::Party::kClient);
  }
}

TEST_F(Handshake, QuotesOtherWordsThatAreNotTls) {
  const auto outcome = hear(tls::Role::kClient, "SSH-2.0-OpenSSH_9.2\r\n");
  EXPECT_NE(outcome.info.error().detail.find("is not TLS (it begins \"SSH-2.0-\")"),
            std::string::npos)
      << outcome.info.error().detail;
}

TEST_F(Handshake, EndsWhenThePeerHangsUp) {
  for (const tls::Role role : {tls::Role::kClient, tls::Role::kServer}) {
    const auto outcome = hear(role, "");
    EXPECT_EQ(outcome.fault, Fault::kHandshakeEof);
    EXPECT_EQ(outcome.info.error().cause, tls::kTruncated);
    EXPECT_NE(outcome.info.error().detail.find("it closed the connection during the handshake"),
              std::string::npos);
  }
}

TEST_F(Handshake, EndsAtItsDeadline) {
  tls_test::Wire wire = make_wire(loop);
  auto client = must(world.client->make_stream(std::move(wire.client_end), peer));
  std::optional<tls::HandshakeOutcome> outcome;
  std::vector<net::Task<void>> tasks;
  tasks.push_back(tls_test::shake_one(*client, loop.now(), outcome));
  tls_test::run(loop, std::move(tasks));
  EXPECT_EQ(outcome->fault, Fault::kHandshakeTimeout);
  EXPECT_EQ(outcome->info.error().code, base::ErrorCode::kOriginTimeout);
  EXPECT_EQ(outcome->info.error().cause, ETIMEDOUT);
}

TEST_F(Handshake, MayBeCancelledAtEveryStep) {
  // The other side is taken one attempt further each round, so that the wait is cancelled at each
  // flight.
  for (int rounds = 0; rounds < 3; ++rounds) {
    Ends ends = world.connect(make_wire(loop));
    std::optional<tls::HandshakeOutcome> outcome;
    {
      net::Task<void> task =
          tls_test::shake_one(*ends.client, tls_test::soon_enough(loop), outcome);
      task.start();
      for (int i = 0; i < rounds; ++i) ends.server->try_handshake();
      EXPECT_FALSE(task.done());
    }
    EXPECT_EQ(loop.timers().armed(), 0U);
    ends.client.reset();
    // The event for the descriptor that is gone must find nobody.
    std::string heard;
    std::optional<base::Error> error;
    std::vector<net::Task<void>> tasks;
    tasks.push_back(tls_test::shake_one(*ends.server, tls_test::soon_enough(loop), outcome));
    tls_test::run(loop, std::move(tasks));
    EXPECT_FALSE(outcome->info);
  }
}

TEST_F(Handshake, RefusesOldProtocols) {
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    const Ends ends = shake_with({.min_version = version, .max_version = version});
    EXPECT_EQ(ends.at_client->fault, Fault::kProtocolVersion)
        << ends.at_client->info.error().detail;
  }
}

TEST_F(Handshake, RefusesKeyExchangesWithoutEcdhe) {
  // An RSA key serves all of them.
  tls_test::Forgery rsa;
  rsa.key = "RSA:2048";
  world.key = tls_test::forge(rsa, nullptr).key;
  EXPECT_TRUE(shake_with({.max_version = TLS1_2_VERSION}).both_done());
  for (const char* ciphers :
       {"DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0", "AES128-GCM-SHA256:@SECLEVEL=0"}) {
    const Ends ends = shake_with({.max_version = TLS1_2_VERSION, .ciphers = ciphers});
    EXPECT_FALSE(ends.at_client->info);
    EXPECT_EQ(ends.at_server->fault, Fault::kNoCipher) << ends.at_server->info.error().detail;
  }
}

TEST_F(Handshake, ReportsServersThatDemandAClientCertificate) {
  using Demand = WildServer::ClientCertificate;
  const Ends ends =
      shake_with({.max_version = TLS1_2_VERSION, .client_certificate = Demand::kDemanded});
  EXPECT_EQ(ends.at_client->fault, Fault::kClientCertificateRequested);
  // In TLS 1.3 the client is done before the server objects.
  const Ends later = shake_with({.client_certificate = Demand::kDemanded});
  ASSERT_TRUE(later.at_client->info);
  EXPECT_TRUE(later.at_client->info->client_certificate_requested);
  char octet = 0;
  EXPECT_EQ(tls_test::read_once(loop, *later.client, {&octet, 1}).cause, tls::kProtocolError);
  EXPECT_EQ(later.client->failure()->fault, Fault::kClientCertificateRequested);
}

}  // namespace
