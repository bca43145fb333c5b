#include "tls/session_cache.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <ctime>

#include "tests/unit/tls/forge.h"

namespace {

using namespace std::chrono_literals;
using tls::SessionCache;
using tls_test::Ends;
using tls_test::must;

class SessionCacheTest : public testing::Test {
 protected:
  tls::SessionPtr make(int version) {
    tls::SessionPtr session(SSL_SESSION_new());
    SSL_SESSION_set_protocol_version(session.get(), version);
    SSL_SESSION_set_timeout(session.get(), 7200);
    const unsigned char id[] = "id";
    SSL_SESSION_set1_id(session.get(), id, 2);
    return session;
  }
  void put(const std::string& key, int version = TLS1_2_VERSION) {
    cache.put(key, make(version), now + 1h);
  }
  bool has(const std::string& key, base::WallTime at) {
    return cache.take(key, at).session != nullptr;
  }

  base::WallTime now = base::wall_now();
  SessionCache cache{3};
};

TEST_F(SessionCacheTest, GivesSessionsOfTls13OnceAndOlderOnesAgain) {
  put("new", TLS1_3_VERSION);
  put("old", TLS1_2_VERSION);
  EXPECT_TRUE(has("new", now));
  EXPECT_FALSE(has("new", now));
  EXPECT_TRUE(has("old", now));
  EXPECT_TRUE(has("old", now));
  EXPECT_FALSE(has("other", now));
}

TEST_F(SessionCacheTest, KeepsTheLatestOfAKey) {
  put("a");
  tls::SessionPtr latest = make(TLS1_3_VERSION);
  SSL_SESSION* const raw = latest.get();
  cache.put("a", std::move(latest), now + 1h);
  EXPECT_EQ(cache.size(), 1U);
  EXPECT_EQ(cache.take("a", now).session.get(), raw);
}

TEST_F(SessionCacheTest, DropsTheLeastRecentlyUsed) {
  for (const char* key : {"a", "b", "c"}) put(key);
  EXPECT_TRUE(has("a", now));
  put("d");
  EXPECT_EQ(cache.size(), 3U);
  EXPECT_FALSE(has("b", now));
  for (const char* key : {"a", "c", "d"}) EXPECT_TRUE(has(key, now)) << key;
}

TEST_F(SessionCacheTest, ForgetsWhenTheVerdictOrTheServersPatienceEnds) {
  put("verdict");
  EXPECT_TRUE(has("verdict", now + 1h - 1s));
  EXPECT_FALSE(has("verdict", now + 1h));
  cache.put("patience", make(TLS1_2_VERSION), now + 24h);
  EXPECT_TRUE(has("patience", now + 1h));
  EXPECT_FALSE(has("patience", now + 3h));
  EXPECT_EQ(cache.size(), 0U);
}

TEST_F(SessionCacheTest, MayHaveNoRoom) {
  SessionCache none(0);
  none.put("a", make(TLS1_2_VERSION), now + 1h);
  EXPECT_EQ(none.size(), 0U);
}

// Connections to one server, which gives tickets.
class ResumedSessions : public testing::TestWithParam<int> {
 protected:
  ResumedSessions() {
    tls::ServerOptions options;
    options.resumption = tls::Resumption::kByTicket;
    server = must(tls::ServerContext::make({world.leaf({"good.test", "other.test"})}, options));
  }
  Ends connect(const std::string& host = "good.test", const std::string& key = "443") {
    tls_test::Wire wire = tls_test::make_wire(loop);
    auto client = must(world.client->make_stream(std::move(wire.client_end),
                                                 must(tls::PeerName::parse(host)), {&cache, key}));
    if (clock != 0) X509_VERIFY_PARAM_set_time(SSL_get0_param(client->raw()), clock);
    auto accepted = must(server->make_stream(std::move(wire.server_end)));
    SSL_set_max_proto_version(accepted->raw(), GetParam());
    Ends ends = tls_test::shake(loop, std::move(client), std::move(accepted));
    if (ends.both_done()) {
      // The ticket comes before the data.
      const std::string_view data = "x";
      char octet = 0;
      EXPECT_EQ(ends.server->try_write({&data, 1}).bytes, 1U);
      EXPECT_EQ(tls_test::read_once(loop, *ends.client, {&octet, 1}).bytes, 1U);
    }
    return ends;
  }
  bool resumes(const std::string& host = "good.test", const std::string& key = "443") {
    const Ends ends = connect(host, key);
    EXPECT_TRUE(ends.both_done());
    EXPECT_EQ(ends.at_client->info->resumed, ends.at_server->info->resumed);
    // Known from the session as well.
    EXPECT_EQ(ends.at_client->peer->subject, "CN=good.test");
    return ends.at_client->info->resumed;
  }

  net::Loop loop;
  tls_test::World world;
  std::shared_ptr<const tls::ServerContext> server;
  SessionCache cache{10};
  std::time_t clock = 0;  // what the client takes for now when it verifies; 0: the time it is
};

TEST_P(ResumedSessions, FollowTheFirst) {
  EXPECT_FALSE(resumes());
  EXPECT_EQ(cache.size(), 1U);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(resumes());
  EXPECT_EQ(cache.size(), 1U);
}

TEST_P(ResumedSessions, BelongToOneNameOneKeyAndOneContext) {
  EXPECT_FALSE(resumes());
  EXPECT_FALSE(resumes("other.test", "443"));
  EXPECT_FALSE(resumes("good.test", "8443"));
  tls::TrustStore trust;
  trust.add(world.root.certificate());
  const auto same_roots = must(tls::ClientContext::make(trust));
  const auto before = std::exchange(world.client, same_roots);
  EXPECT_FALSE(resumes());
  world.client = before;
  EXPECT_TRUE(resumes());
}

TEST_P(ResumedSessions, AreLeftAloneByAServerThatHasForgotten) {
  EXPECT_FALSE(resumes());
  tls::ServerOptions options;
  options.resumption = tls::Resumption::kByTicket;
  server = must(tls::ServerContext::make({world.leaf({"good.test"})}, options));
  EXPECT_FALSE(resumes());
  EXPECT_TRUE(resumes());
}

TEST_P(ResumedSessions, AreNotKeptAfterARefusedHandshake) {
  EXPECT_FALSE(connect("wrong.test").at_client->info);
  EXPECT_EQ(cache.size(), 0U);
}

// A resumed handshake would not ask again, and nobody would know that the origin wants to know who
// its client is.
TEST_P(ResumedSessions, AreNotKeptOfAServerThatAsksForCertificates) {
  tls::ServerOptions options;
  options.resumption = tls::Resumption::kByTicket;
  options.client_certificates =
      tls::ClientCertificates{tls::TrustStore(), tls::ClientCertificate::kOptional};
  server = must(tls::ServerContext::make({world.leaf({"good.test"})}, options));
  const Ends ends = connect();
  ASSERT_TRUE(ends.both_done());
  EXPECT_TRUE(ends.at_client->info->client_certificate_requested);
  EXPECT_EQ(cache.size(), 0U);
}

TEST_P(ResumedSessions, EndWithTheCertificateThatWasVerified) {
  const base::WallTime now = base::wall_now();
  tls::ServerOptions options;
  options.resumption = tls::Resumption::kByTicket;
  const tls::Identity old = must(world.root.issue({{"good.test"}, now - 9h, now - 1h}, world.key));
  server = must(tls::ServerContext::make({old}, options));
  clock = std::chrono::system_clock::to_time_t(now - 2h);
  EXPECT_FALSE(resumes());
  EXPECT_EQ(cache.size(), 1U);
  clock = 0;
  const Ends ends = connect();
  EXPECT_EQ(ends.at_client->fault, tls::Fault::kExpired);
}

INSTANTIATE_TEST_SUITE_P(Versions, ResumedSessions, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& each) {
                           return each.param == TLS1_3_VERSION ? "Tls13" : "Tls12";
                         });

}  // namespace
