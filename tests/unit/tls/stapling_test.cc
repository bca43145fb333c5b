#include "tls/stapling.h"

#include <gtest/gtest.h>
#include <openssl/ocsp.h>
#include <openssl/ssl.h>

#include <ctime>

#include "tests/unit/tls/forge.h"

namespace {

using tls::Fault;
using tls::Identity;
using tls_test::authority;
using tls_test::Ends;
using tls_test::forge;
using tls_test::Forgery;
using tls_test::must;

struct TimeFree {
  void operator()(ASN1_GENERALIZEDTIME* time) const { ASN1_GENERALIZEDTIME_free(time); }
};
using TimePtr = std::unique_ptr<ASN1_GENERALIZEDTIME, TimeFree>;

struct Statement {
  int status = V_OCSP_CERTSTATUS_GOOD;
  int from_hours = -1;
  int to_hours = 24;
  const EVP_MD* digest = nullptr;  // of the certificate's id; null: SHA-1
};

TimePtr at(int hours) {
  return TimePtr(ASN1_GENERALIZEDTIME_set(nullptr, std::time(nullptr) + std::time_t{3600} * hours));
}

// A response about `leaf` of `issuer`, signed by `signer`.
std::string response(const Statement& statement, const Identity& leaf, const Identity& issuer,
                     const Identity& signer) {
  const tls::OcspBasicPtr basic(OCSP_BASICRESP_new());
  OCSP_CERTID* const id =
      OCSP_cert_to_id(statement.digest, leaf.chain.front().raw(), issuer.chain.front().raw());
  const TimePtr from = at(statement.from_hours);
  const TimePtr to = at(statement.to_hours);
  OCSP_basic_add1_status(basic.get(), id, statement.status, OCSP_REVOKED_STATUS_KEYCOMPROMISE,
                         from.get(), from.get(), to.get());
  OCSP_CERTID_free(id);
  EXPECT_EQ(OCSP_basic_sign(basic.get(), signer.chain.front().raw(), signer.key.raw(), EVP_sha256(),
                            nullptr, 0),
            1);
  const tls::OcspResponsePtr whole(
      OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
  unsigned char* der = nullptr;
  const int size = i2d_OCSP_RESPONSE(whole.get(), &der);
  std::string octets(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return octets;
}

int staple(SSL* ssl, void* octets) {
  const auto& text = *static_cast<const std::string*>(octets);
  if (text.empty()) return SSL_TLSEXT_ERR_NOACK;
  void* copy = OPENSSL_memdup(text.data(), text.size());
  SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_STATUS_REQ_OCSP_RESP, static_cast<long>(text.size()), copy);
  return SSL_TLSEXT_ERR_OK;
}

class Stapling : public testing::TestWithParam<int> {
 protected:
  Fault fault_with(const Identity& identity, std::string octets) {
    tls::TrustStore trust;
    trust.add(root.chain.front());
    const auto context = must(tls::ClientContext::make(trust));
    tls_test::Wire wire = tls_test::make_wire(loop);
    auto client = must(
        context->make_stream(std::move(wire.client_end), must(tls::PeerName::parse("good.test"))));
    auto server = tls_test::wild_server({.min_version = GetParam(), .max_version = GetParam()},
                                        identity, std::move(wire.server_end));
    SSL_CTX* const raw = SSL_get_SSL_CTX(server->raw());
    SSL_CTX_callback_ctrl(raw, SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB,
                          reinterpret_cast<void (*)()>(staple));
    SSL_CTX_ctrl(raw, SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB_ARG, 0, &octets);
    const Ends ends = tls_test::shake(loop, std::move(client), std::move(server));
    detail = ends.at_client->info ? "" : ends.at_client->info.error().detail;
    EXPECT_EQ(ends.at_server->info.has_value(), ends.at_client->fault == Fault::kNone);
    return ends.at_client->fault;
  }
  std::string signed_by_issuer(const Statement& statement) {
    return response(statement, leaf, root, root);
  }
  Identity demanding() {
    Forgery spec;
    spec.more = {{"tlsfeature", "status_request"}};
    return forge(spec, &root);
  }

  net::Loop loop;
  Identity root = forge(authority("Root"), nullptr);
  Identity leaf = forge(Forgery(), &root);
  std::string detail;
};

TEST_P(Stapling, IsNotMissedWhereNobodyDemandsIt) { EXPECT_EQ(fault_with(leaf, ""), Fault::kNone); }

TEST_P(Stapling, AcceptsWhatTheIssuerCallsGood) {
  EXPECT_EQ(fault_with(leaf, signed_by_issuer({})), Fault::kNone) << detail;
}

// Responders choose how they name a certificate (RFC 6960 §4.1.1).
TEST_P(Stapling, KnowsTheCertificateByTheDigestOfTheResponse) {
  Statement statement;
  statement.digest = EVP_sha256();
  EXPECT_EQ(fault_with(leaf, signed_by_issuer(statement)), Fault::kNone) << detail;
  statement.status = V_OCSP_CERTSTATUS_REVOKED;
  EXPECT_EQ(fault_with(leaf, signed_by_issuer(statement)), Fault::kRevoked);
}

TEST_P(Stapling, U32RefusesWhatTheIssuerCallsRevoked) {
  EXPECT_EQ(fault_with(leaf, signed_by_issuer({V_OCSP_CERTSTATUS_REVOKED})), Fault::kRevoked);
  EXPECT_NE(detail.find("a certificate of its chain is revoked"), std::string::npos) << detail;
  // Whoever was revoked once stays so.
  EXPECT_EQ(fault_with(leaf, signed_by_issuer({V_OCSP_CERTSTATUS_REVOKED, -48, -24})),
            Fault::kRevoked);
}

TEST_P(Stapling, U33RefusesACertificateThatDemandsAStapleWithoutOne) {
  const Identity must_staple = demanding();
  EXPECT_EQ(fault_with(must_staple, ""), Fault::kRevocationUnknown);
  EXPECT_NE(detail.find("demands a stapled OCSP response"), std::string::npos) << detail;
  EXPECT_EQ(fault_with(must_staple, response({}, must_staple, root, root)), Fault::kNone);
  EXPECT_EQ(fault_with(must_staple,
                       response({V_OCSP_CERTSTATUS_GOOD, -48, -24}, must_staple, root, root)),
            Fault::kRevocationUnknown);
}

TEST_P(Stapling, TakesOneThatIsOutOfDateForNone) {
  EXPECT_EQ(fault_with(leaf, signed_by_issuer({V_OCSP_CERTSTATUS_GOOD, -48, -24})), Fault::kNone);
  EXPECT_EQ(fault_with(leaf, signed_by_issuer({V_OCSP_CERTSTATUS_GOOD, 24, 48})), Fault::kNone);
}

TEST_P(Stapling, AcceptsADelegatedResponder) {
  Forgery spec;
  spec.common_name = "Responder";  // found by its name
  spec.purpose = "OCSPSigning";
  EXPECT_EQ(fault_with(leaf, response({}, leaf, root, forge(spec, &root))), Fault::kNone) << detail;
}

TEST_P(Stapling, RefusesAResponseThatIsNotSatisfactory) {
  const Identity stranger = forge(authority("Stranger"), nullptr);
  const Identity other = forge(Forgery(), &root);
  Forgery server;
  server.common_name = "No Responder";
  const Identity no_responder = forge(server, &root);
  const std::string good = signed_by_issuer({});
  const std::pair<const char*, std::string> cases[] = {
      {"unknown", signed_by_issuer({V_OCSP_CERTSTATUS_UNKNOWN})},
      {"of another certificate", response({}, other, root, root)},
      {"signed by a stranger", response({}, leaf, root, stranger)},
      {"revoked, says a stranger", response({V_OCSP_CERTSTATUS_REVOKED}, leaf, root, stranger)},
      {"signed by a server's certificate", response({}, leaf, root, no_responder)},
      {"cut", good.substr(0, good.size() - 1)},
      {"longer", good + "x"},
      {"no response at all", "good"},
      {"tryLater", std::string("\x30\x03\x0a\x01\x03", 5)},
  };
  for (const auto& [what, octets] : cases) {
    EXPECT_EQ(fault_with(leaf, octets), Fault::kRevocationUnknown) << what << ": " << detail;
  }
}

INSTANTIATE_TEST_SUITE_P(Versions, Stapling, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& each) {
                           return each.param == TLS1_3_VERSION ? "Tls13" : "Tls12";
                         });

}  // namespace
