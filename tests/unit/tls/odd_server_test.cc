// Servers that OpenSSL cannot be made to play: octets said in their place, for cases U40 to U59.
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "tests/unit/tls/forge.h"
#include "tests/unit/tls/hellos.h"

namespace {

using tls::Fault;
using tls_test::Ends;
using tls_test::Extensions;
using tls_test::in_records;
using tls_test::must;
using tls_test::octets_of;
using tls_test::server_hello;
using tls_test::vector_of;

constexpr std::uint16_t kTls12 = 0x0303;
constexpr std::uint16_t kEcdhe = 0xc02f;  // TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
const Extensions kSecureRenegotiation{{0xff01, std::string(1, '\0')}};

std::string alert(std::size_t level, std::size_t number) {
  return octets_of(0x150303, 3) + vector_of(octets_of(level << 8 | number, 2), 2);
}
// The first flight of a server of TLS 1.2 whose certificate is `der`.
std::string flight_with(std::string_view der) {
  return in_records(server_hello(kTls12, kEcdhe, kSecureRenegotiation) + octets_of(11, 1) +
                    vector_of(vector_of(vector_of(der, 3), 3), 3));
}
std::string der_of(const tls::Certificate& certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate.raw(), &der);
  std::string octets(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return octets;
}

class OddServer : public testing::Test {
 protected:
  // What becomes of a client to which the server says `octets` and then nothing more.
  tls::HandshakeOutcome hear(const std::string& octets) {
    tls_test::Wire wire = tls_test::make_wire(loop);
    auto client = must(world.client->make_stream(std::move(wire.client_end), peer));
    std::optional<tls::HandshakeOutcome> outcome;
    const base::Instant deadline = tls_test::soon_enough(loop);
    std::vector<net::Task<void>> tasks;
    tasks.push_back(tls_test::shake_one(*client, deadline, outcome));
    tasks.push_back(tls_test::say(*wire.server_end, octets, deadline));
    tls_test::run(loop, std::move(tasks));
    return std::move(*outcome);
  }
  Ends shake_with(const tls_test::WildServer& spec, const tls::Identity& identity) {
    tls_test::Wire wire = tls_test::make_wire(loop);
    auto client = must(world.client->make_stream(std::move(wire.client_end), peer));
    auto server = tls_test::wild_server(spec, identity, std::move(wire.server_end));
    return tls_test::shake(loop, std::move(client), std::move(server));
  }

  net::Loop loop;
  tls_test::World world;
  tls::PeerName peer = must(tls::PeerName::parse("good.test"));
};

struct Words {
  const char* name;
  Fault expected;
  std::string octets;
  const char* because;  // a part of the sentence
};

TEST_F(OddServer, IsRefusedForItsOwnReason) {
  const std::string downgrade("DOWNGRD\x01", 8);
  const Words cases[] = {
      {"U40 SSL 3.0", Fault::kProtocolVersion, in_records(server_hello(0x0300, 0x002f, {})), ""},
      {"U41 TLS 1.1", Fault::kProtocolVersion, in_records(server_hello(0x0302, 0xc013, {})), ""},
      {"U43 downgrade", Fault::kProtocolVersion,
       in_records(server_hello(kTls12, kEcdhe, kSecureRenegotiation, downgrade)), ""},
      {"U44 RC4", Fault::kNoCipher, in_records(server_hello(kTls12, 0x0005, {})), ""},
      {"U44 RC4-MD5", Fault::kNoCipher, in_records(server_hello(kTls12, 0x0004, {})), ""},
      {"U44 3DES", Fault::kNoCipher, in_records(server_hello(kTls12, 0x000a, {})), ""},
      {"U44 NULL", Fault::kNoCipher, in_records(server_hello(kTls12, 0x003b, {})), ""},
      {"U46 static RSA", Fault::kNoCipher, in_records(server_hello(kTls12, 0x009c, {})), ""},
      {"U47, U48 DHE", Fault::kNoCipher, in_records(server_hello(kTls12, 0x009e, {})), ""},
      {"U53 handshake_failure", Fault::kAlertReceived, alert(2, 40), "(40)"},
      {"U53 unrecognized_name", Fault::kAlertReceived, alert(2, 112), "(112)"},
      {"U53 unrecognized_name as a warning", Fault::kHandshakeEof, alert(1, 112), ""},
      {"U54 a protocol that was not offered", Fault::kOther,
       in_records(
           server_hello(kTls12, kEcdhe,
                        {{0xff01, std::string(1, '\0')}, {16, tls_test::alpn_extension({"h2"})}})),
       ""},
      {"U55 no protocol in common", Fault::kNoCipher, alert(2, 120), "(120)"},
      {"U56 plain HTTP", Fault::kOther, "HTTP/1.1 400 Bad Request\r\n\r\n", "plain HTTP"},
      {"U57 garbage", Fault::kMalformedCertificate, flight_with("garbage"), ""},
      {"U57 a length beyond the end", Fault::kMalformedCertificate,
       flight_with(std::string("\x30\x82\xff\xff\x30", 5)), ""},
      {"U57 octets behind the certificate", Fault::kMalformedCertificate,
       flight_with(der_of(world.root.certificate()) + "x"), ""},
      {"U57 2 MiB", Fault::kMalformedCertificate, flight_with(std::string(2 << 20, '0')), ""},
  };
  for (const Words& words : cases) {
    const tls::HandshakeOutcome outcome = hear(words.octets);
    EXPECT_EQ(token_of(outcome.fault), token_of(words.expected)) << words.name;
    ASSERT_FALSE(outcome.info) << words.name;
    EXPECT_NE(outcome.info.error().detail.find(words.because), std::string::npos)
        << words.name << ": " << outcome.info.error().detail;
    EXPECT_EQ(outcome.info.error().party, base::Party::kOrigin) << words.name;
  }
}

// In TLS 1.3 the certificate is encrypted, so that no octets can be said in a server's place.
// OpenSSL is made to send one that it would not read: a certificate in memory is spoilt after the
// server has taken it, and encoded anew.
struct Spoiling {
  const char* name;
  void (*spoil)(X509* certificate);
};
// Puts `octets` in the place of the end of its validity.
void put_raw(X509* certificate, std::string_view octets) {
  ASN1_TIME* const end = X509_getm_notAfter(certificate);
  ASN1_STRING_set(end, octets.data(), static_cast<int>(octets.size()));
  end->type = V_ASN1_OTHER;  // is written as it stands
}
constexpr Spoiling kSpoilings[] = {
    {"U57 a number for a time",
     [](X509* certificate) { X509_getm_notAfter(certificate)->type = V_ASN1_INTEGER; }},
    {"U57 garbage", [](X509* certificate) { put_raw(certificate, "garbage"); }},
    {"U57 a length beyond the end",
     [](X509* certificate) { put_raw(certificate, std::string_view("\x17\x82\xff\xff", 4)); }},
    {"U57 a length of more octets than there are numbers",
     [](X509* certificate) { put_raw(certificate, std::string(12, '\xff')); }},
    {"U57 nesting that never ends",
     [](X509* certificate) {
       std::string nested;
       for (int i = 0; i < 10'000; ++i) nested += "\x30\x80";
       put_raw(certificate, nested);
     }},
};

TEST_F(OddServer, U57IsRefusedForAMalformedCertificateInBothVersions) {
  for (const Spoiling& spoiling : kSpoilings) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
      tls_test::Wire wire = tls_test::make_wire(loop);
      auto client = must(world.client->make_stream(std::move(wire.client_end), peer));
      auto server = tls_test::wild_server({.min_version = version, .max_version = version},
                                          world.leaf({"good.test"}), std::move(wire.server_end));
      SSL_set_mode(server->raw(), SSL_MODE_NO_AUTO_CHAIN);
      X509* const certificate = SSL_get_certificate(server->raw());
      spoiling.spoil(certificate);
      X509_set_version(certificate, X509_VERSION_3);  // what it was read from no longer counts
      const Ends ends = tls_test::shake(loop, std::move(client), std::move(server));
      EXPECT_EQ(token_of(ends.at_client->fault), token_of(Fault::kMalformedCertificate))
          << spoiling.name << " in " << version;
      EXPECT_FALSE(ends.at_client->info);
    }
  }
}

// CVE-2022-0778: a prime that is none made the square root in a point's decompression endless.
TEST_F(OddServer, U58IsRefusedForACurveOverNoField) {
  tls_test::Forgery spec;
  spec.key = "explicit";
  std::string der = der_of(tls_test::forge(spec, nullptr).chain.front());
  // The prime of P-256 begins and ends like this; its last octet becomes even.
  const std::string prime("\xff\xff\xff\xff\0\0\0\1", 8);
  const size_t place = der.find(prime);
  ASSERT_NE(place, std::string::npos);
  der[place + 31] = static_cast<char>(0xfe);
  // A key that can't be read has no strength.
  EXPECT_EQ(token_of(hear(flight_with(der)).fault), token_of(Fault::kWeakKey));
}

TEST_F(OddServer, U45MayHaveNoMoreThanCbc) {
  EXPECT_TRUE(shake_with({.max_version = TLS1_2_VERSION, .ciphers = "ECDHE-ECDSA-AES128-SHA256"},
                         world.leaf({"good.test"}))
                  .both_done());
}

TEST_F(OddServer, U59MayAskForAnotherGroup) {
  const Ends ends = shake_with({.groups = "P-384"}, world.leaf({"good.test"}));
  ASSERT_TRUE(ends.both_done());
  EXPECT_EQ(ends.at_client->info->protocol, "TLSv1.3");
}

TEST_F(OddServer, U51IsGivenUpWhenItStallsInTheMiddle) {
  tls_test::Wire wire = tls_test::make_wire(loop);
  auto client = must(world.client->make_stream(std::move(wire.client_end), peer));
  const std::string start = in_records(server_hello(kTls12, kEcdhe, kSecureRenegotiation));
  const std::string_view part = std::string_view(start).substr(0, 20);
  ASSERT_EQ(wire.server_end->try_write({&part, 1}).bytes, 20U);
  std::optional<tls::HandshakeOutcome> outcome;
  std::vector<net::Task<void>> tasks;
  tasks.push_back(tls_test::shake_one(*client, loop.now(), outcome));
  tls_test::run(loop, std::move(tasks));
  EXPECT_EQ(outcome->fault, Fault::kHandshakeTimeout);
}

}  // namespace
