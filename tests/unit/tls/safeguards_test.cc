// Each safeguard of clients is left out once, and something passes that must not. Settings that no
// openssl.cnf can spoil are spoiled here first, as if a later OpenSSL had other defaults.
#include "tls/safeguards.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <set>

#include "tests/unit/tls/hellos.h"
#include "tests/unit/tls/verify_cases.h"

namespace {

using tls::Identity;
using tls_test::authority;
using tls_test::Ends;
using tls_test::forge;
using tls_test::Forgery;
using tls_test::must;
using tls_test::Roots;
using tls_test::WildServer;
using Names = std::set<std::string_view>;

// A client with all safeguards but some.
class Client {
 public:
  explicit Client(Names left_out) : left_out_(std::move(left_out)) {
    SSL_CTX* const raw = context_.get();
    SSL_CTX_set_security_level(raw, 0);
    SSL_CTX_set_options(raw, SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_LEGACY_SERVER_CONNECT);
    SSL_CTX_set_verify_depth(raw, 100);
    SSL_CTX_set_max_cert_list(raw, 10'000'000);
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(raw), X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_purpose(SSL_CTX_get0_param(raw), X509_PURPOSE_ANY);
    for (const auto& table : {tls::common_safeguards(), tls::client_safeguards()}) {
      for (const tls::ContextSafeguard& one : table) {
        if (left_out_.contains(one.name)) continue;
        EXPECT_TRUE(one.apply(raw)) << one.name;
      }
    }
  }

  Ends connect(const Identity& identity, WildServer spec = {}, const char* host = "good.test") {
    tls_test::Wire wire = tls_test::make_wire(loop);
    auto server = tls_test::wild_server(spec, identity, std::move(wire.server_end));
    return tls_test::shake(loop, stream(std::move(wire.client_end), host), std::move(server));
  }
  // Whether a server gets to talk to this client.
  bool accepts(const Identity& identity, WildServer spec = {}, const char* host = "good.test") {
    return connect(identity, spec, host).at_server->info.has_value();
  }
  tls_test::TlsPtr stream(tls_test::StreamPtr below, const char* host) {
    tls::SslPtr ssl(SSL_new(context_.get()));
    const tls::PeerName peer = must(tls::PeerName::parse(host));
    for (const tls::PeerSafeguard& one : tls::peer_safeguards()) {
      if (left_out_.contains(one.name)) continue;
      EXPECT_TRUE(one.apply(ssl.get(), peer)) << one.name;
    }
    SSL_set_connect_state(ssl.get());
    return std::make_unique<tls::TlsStream>(std::move(ssl), std::move(below), host);
  }
  void trust(const tls::Certificate& root) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), root.raw());
  }

  net::Loop loop;
  Roots roots;

 private:
  Names left_out_;
  tls::SslContextPtr context_{SSL_CTX_new(TLS_client_method())};
};

// A leaf below the root that the client believes.
Identity leaf(Client& client, void (*change)(Forgery&)) {
  client.trust(client.roots.good.chain.front());
  Forgery spec;
  change(spec);
  return forge(spec, &client.roots.good);
}
void nothing(Forgery&) {}

struct Attempt {
  std::string_view safeguard;
  // Whether what must not pass passes.
  bool (*passes)(Client& client);
  // Others that would stop it as well, which are left out in any case.
  Names stopped_by_too = {};
};

bool ends_well_when_cut(Client& client) {
  Ends ends = client.connect(leaf(client, nothing));
  ends.server.reset();
  char octet = 0;
  return tls_test::read_once(client.loop, *ends.client, {&octet, 1}).kind ==
         net::IoResult::Kind::kEof;
}

bool renegotiates(Client& client) {
  Ends ends = client.connect(leaf(client, nothing), {.max_version = TLS1_2_VERSION});
  SSL_renegotiate(ends.server->raw());
  SSL_do_handshake(ends.server->raw());  // sends HelloRequest
  // The server reads the client's answer: a hello, or an alert, which ends its attempt.
  char octet = 0;
  ends.client->try_read({&octet, 1});
  return SSL_get_state(ends.client->raw()) != TLS_ST_OK;
}

// A ServerHello of TLS 1.2 without the extension of RFC 5746.
bool takes_a_server_of_old(Client& client) {
  tls_test::Wire wire = tls_test::make_wire(client.loop);
  auto stream = client.stream(std::move(wire.client_end), "good.test");
  std::optional<tls::HandshakeOutcome> outcome;
  std::vector<net::Task<void>> tasks;
  const base::Instant deadline = tls_test::soon_enough(client.loop);
  tasks.push_back(tls_test::shake_one(*stream, deadline, outcome));
  tasks.push_back(tls_test::say(*wire.server_end,
                                tls_test::in_records(tls_test::server_hello(0x0303, 0xc02f, {})),
                                deadline));
  tls_test::run(client.loop, std::move(tasks));
  return outcome->fault == tls::Fault::kHandshakeEof;  // it waits for the certificate
}

const Attempt kAttempts[] = {
    {"the peer is verified",
     [](Client& client) { return client.accepts(forge(Forgery(), &client.roots.other)); }},
    {"chains end at roots",
     [](Client& client) {
       const Identity middle = client.roots.intermediate(authority("Middle"));
       client.trust(middle.chain.front());
       return client.accepts(forge(Forgery(), &middle));
     }},
    {"purpose",
     [](Client& client) {
       return client.accepts(leaf(client, [](Forgery& f) { f.purpose = "clientAuth"; }));
     }},
    {"staples are judged",
     [](Client& client) {
       return client.accepts(leaf(client, [](Forgery& f) {
         f.more = {{"tlsfeature", "status_request"}};
       }));
     }},
    {"forward secrecy",
     [](Client& client) {
       return client.accepts(leaf(client,
                                  [](Forgery& f) {
                                    f.key = "RSA:2048";
                                    f.usage = "critical,digitalSignature,keyEncipherment";
                                  }),
                             {.max_version = TLS1_2_VERSION, .ciphers = "AES128-GCM-SHA256"});
     }},
    {"security level",
     [](Client& client) {
       return client.accepts(leaf(client, [](Forgery& f) { f.key = "RSA:1024"; }));
     }},
    // At level 2 no signature of TLS 1.1 is strong enough, and our ciphers came with 1.2.
    {"TLS 1.2 at least",
     [](Client& client) {
       return client.accepts(leaf(client, nothing), {.max_version = TLS1_1_VERSION});
     },
     {"security level", "forward secrecy"}},
    {"intermediates",
     [](Client& client) {
       std::vector<Identity> chain{client.roots.intermediate(authority("0"))};
       for (int i = 1; i < 12; ++i) {
         chain.push_back(forge(authority(std::to_string(i)), &chain.back()));
       }
       client.trust(client.roots.good.chain.front());
       return client.accepts(tls_test::with_chain(forge(Forgery(), &chain.back()), chain));
     }},
    {"octets of the chain",
     [](Client& client) {
       return client.accepts(leaf(client, [](Forgery& f) {
         for (int i = 0; i < 10'000; ++i) f.names += ",DNS:name-" + std::to_string(i) + ".test";
       }));
     }},
    {"no renegotiation", renegotiates},
    {"no server without RFC 5746", takes_a_server_of_old},
    {"truncation is an error", ends_well_when_cut},
    {"name",
     [](Client& client) {
       return client.accepts(leaf(client, [](Forgery& f) { f.names = "DNS:wrong.test"; }));
     }},
    {"address",
     [](Client& client) {
       return client.accepts(leaf(client, [](Forgery& f) { f.names = "IP:192.0.2.2"; }), {},
                             "192.0.2.1");
     }},
    {"no common names",
     [](Client& client) {
       return client.accepts(leaf(client, [](Forgery& f) { f.names.clear(); }));
     }},
    {"no partial wildcards",
     [](Client& client) {
       return client.accepts(leaf(client, [](Forgery& f) { f.names = "DNS:g*.good.test"; }), {},
                             "goo.good.test");
     }},
};

void PrintTo(const Attempt& attempt, std::ostream* out) { *out << attempt.safeguard; }

class Safeguards : public testing::TestWithParam<Attempt> {};

TEST_P(Safeguards, StopSomethingThatPassesWithoutThem) {
  const Attempt& attempt = GetParam();
  Client careful(attempt.stopped_by_too);
  EXPECT_FALSE(attempt.passes(careful)) << "with " << attempt.safeguard;
  Names left_out = attempt.stopped_by_too;
  left_out.insert(attempt.safeguard);
  Client careless(left_out);
  EXPECT_TRUE(attempt.passes(careless)) << "without " << attempt.safeguard;
}

INSTANTIATE_TEST_SUITE_P(One, Safeguards, testing::ValuesIn(kAttempts), [](const auto& each) {
  std::string name;
  for (const char c : each.param.safeguard) name += std::isalnum(c) != 0 ? c : '_';
  return name;
});

TEST(AllSafeguards, AreAttempted) {
  Names attempted;
  for (const Attempt& one : kAttempts) attempted.insert(one.safeguard);
  Names all;
  for (const auto& one : tls::common_safeguards()) all.insert(one.name);
  for (const auto& one : tls::client_safeguards()) all.insert(one.name);
  for (const auto& one : tls::peer_safeguards()) all.insert(one.name);
  EXPECT_EQ(attempted, all);
}

}  // namespace
