// The cases of server certificates that a client has to tell apart; each refused one is refused for
// its own reason. Names U.. are those of the case list in docs/design/tls.md.
#include "tls/verify.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "tests/unit/tls/verify_cases.h"

namespace {

using tls::Fault;
using tls::Identity;
using tls_test::authority;
using tls_test::Case;
using tls_test::Ends;
using tls_test::forge;
using tls_test::Forgery;
using tls_test::must;
using tls_test::Roots;
using tls_test::with_chain;

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

struct Variant {
  const Case* one;
  int version;
};
void PrintTo(const Variant& variant, std::ostream* out) { PrintTo(*variant.one, out); }

std::vector<Variant> variants() {
  std::vector<Variant> all;
  for (const Case& one : tls_test::certificate_cases()) {
    all.push_back({&one, TLS1_2_VERSION});
    all.push_back({&one, TLS1_3_VERSION});
  }
  return all;
}

class Verify : public testing::TestWithParam<Variant> {};

Ends connect(net::Loop& loop, const tls::Certificate& root, const Identity& identity, int version,
             const char* host) {
  tls::TrustStore trust;
  trust.add(root);
  const auto context = must(tls::ClientContext::make(trust));
  tls_test::Wire wire = tls_test::make_wire(loop);
  const tls::PeerName peer = must(tls::PeerName::parse(host));
  auto client = must(context->make_stream(std::move(wire.client_end), peer));
  auto server = tls_test::wild_server({.min_version = version, .max_version = version}, identity,
                                      std::move(wire.server_end));
  return tls_test::shake(loop, std::move(client), std::move(server));
}

TEST_P(Verify, GivesTheVerdictOfTheCase) {
  const Case& one = *GetParam().one;
  const Roots roots;
  const Identity identity = one.identity(roots);
  net::Loop loop;
  const Ends ends = connect(loop, roots.good.chain.front(), identity, GetParam().version, one.host);
  const tls::HandshakeOutcome& outcome = *ends.at_client;
  EXPECT_EQ(token_of(outcome.fault), token_of(one.expected))
      << (outcome.info ? "" : outcome.info.error().detail);
  ASSERT_EQ(outcome.info.has_value(), one.expected == Fault::kNone);
  ASSERT_TRUE(outcome.peer);
  EXPECT_EQ(outcome.peer->sha256, identity.chain.front().facts().sha256);
  if (outcome.info) {
    EXPECT_EQ(outcome.info->trust_anchor, "CN=Good Root");
    EXPECT_EQ(outcome.info->protocol, GetParam().version == TLS1_3_VERSION ? "TLSv1.3" : "TLSv1.2");
    return;
  }
  const base::Error& error = outcome.info.error();
  EXPECT_EQ(error.code, base::ErrorCode::kTlsCertificate);
  EXPECT_EQ(error.party, base::Party::kOrigin);
  EXPECT_NE(error.detail.find(outcome.peer->issuer), std::string::npos) << error.detail;
  EXPECT_FALSE(ends.at_server->info);
}

INSTANTIATE_TEST_SUITE_P(Cases, Verify, testing::ValuesIn(variants()), [](const auto& each) {
  return std::string(each.param.one->name) +
         (each.param.version == TLS1_3_VERSION ? "Tls13" : "Tls12");
});

class VerifyRules : public testing::Test {
 protected:
  Ends against(const tls::Certificate& root, const Identity& identity) {
    return connect(loop, root, identity, 0, "good.test");
  }
  net::Loop loop;
  Roots roots;
};

// An intermediate in the trust store is no end of a chain.
TEST_F(VerifyRules, AcceptsNoPartialChain) {
  const Identity middle = roots.intermediate(authority("Middle"));
  const Ends ends = against(middle.chain.front(), forge(Forgery(), &middle));
  EXPECT_EQ(ends.at_client->fault, Fault::kUntrustedRoot);
}

// As `openssl req -x509` made them for long: no keyUsage, and with other tools no key identifiers.
TEST_F(VerifyRules, AcceptsARootThatLacksWhatValidationDoesNotAskFor) {
  Forgery spec = authority("Bare Root");
  spec.usage.clear();
  spec.subject_key_id.clear();
  spec.authority_key_id.clear();
  spec.constraints = "CA:TRUE";
  const Identity root = forge(spec, nullptr);
  Forgery leaf;
  leaf.authority_key_id.clear();
  EXPECT_EQ(against(root.chain.front(), forge(leaf, &root)).at_client->fault, Fault::kNone);
}

TEST_F(VerifyRules, RefusesARootWithoutTheFlagOfAnAuthority) {
  Forgery spec = authority("Good Root");
  spec.constraints.clear();
  const Identity root = forge(spec, nullptr);
  const Ends ends = against(root.chain.front(), forge(Forgery(), &root));
  EXPECT_EQ(ends.at_client->fault, Fault::kBadCa);
}

TEST_F(VerifyRules, AcceptsASelfSignedCertificateThatIsTrustedByItself) {
  Forgery spec;
  spec.usage = "critical,digitalSignature";
  const Identity self = forge(spec, nullptr);
  const Ends ends = against(self.chain.front(), self);
  EXPECT_EQ(ends.at_client->fault, Fault::kNone);
}

TEST_F(VerifyRules, TrustsNothingWithAnEmptyStore) {
  const auto context = must(tls::ClientContext::make(tls::TrustStore()));
  tls_test::Wire wire = tls_test::make_wire(loop);
  auto client =
      must(context->make_stream(std::move(wire.client_end), *tls::PeerName::parse("good.test")));
  auto server =
      tls_test::wild_server({}, forge(Forgery(), &roots.good), std::move(wire.server_end));
  const Ends ends = tls_test::shake(loop, std::move(client), std::move(server));
  EXPECT_EQ(ends.at_client->fault, Fault::kUntrustedRoot);
}

TEST_F(VerifyRules, RefusesToConnectToNoName) {
  const auto context = must(tls::ClientContext::make(tls::TrustStore()));
  EXPECT_FALSE(
      context->make_stream(std::move(tls_test::make_wire(loop).client_end), tls::PeerName()));
}

TEST_F(VerifyRules, RefusesChainsBeyondItsLimitOfOctets) {
  Forgery spec;
  for (int i = 0; i < 10'000; ++i) spec.names += ",DNS:name-" + std::to_string(i) + ".good.test";
  const Ends ends = against(roots.good.chain.front(), forge(spec, &roots.good));
  EXPECT_EQ(ends.at_client->fault, Fault::kMalformedCertificate);
}

TEST_F(VerifyRules, RefusesLongChainsOfIntermediates) {
  std::vector<Identity> chain{roots.intermediate(authority("0"))};
  for (int i = 1; i < 12; ++i) chain.push_back(forge(authority(std::to_string(i)), &chain.back()));
  const Ends ends =
      against(roots.good.chain.front(), with_chain(forge(Forgery(), &chain.back()), chain));
  EXPECT_FALSE(ends.at_client->info);
}

TEST_F(VerifyRules, SaysWhatIsWrongWithWhichCertificateAndWhatToDo) {
  Forgery spec;
  spec.names = "DNS:wrong.test,IP:192.0.2.7";
  const Ends ends = against(roots.good.chain.front(), forge(spec, &roots.good));
  ASSERT_FALSE(ends.at_client->info);
  EXPECT_EQ(
      ends.at_client->info.error().detail,
      "TLS with good.test failed: the certificate is for other names (subject \"CN=good.test\", "
      "issuer \"CN=Good Root\", valid for wrong.test, 192.0.2.7; OpenSSL: hostname mismatch); "
      "check "
      "where the name resolves to, or have a certificate issued with it as subjectAltName");
}

}  // namespace
