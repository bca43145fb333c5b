#include "tls/client_identity.h"

#include <gtest/gtest.h>

#include "tests/unit/tls/forge.h"

namespace {

using tls_test::Forgery;

std::string identity(const std::string& names, const std::string& common_name = "robot") {
  Forgery spec;
  spec.common_name = common_name;
  spec.names = names;
  return tls::client_identity(tls_test::forge(spec, nullptr).chain.front());
}

// A subjectAltName with one name of the tag [6] (URI), [2] (DNS) or [1] (e-mail), its octets free.
std::string identity_of_octets(int tag, std::string_view octets) {
  char hex[4];
  std::string der = "DER:30:";
  const auto put = [&](size_t octet) {
    std::snprintf(hex, sizeof hex, "%02x", static_cast<unsigned>(octet & 0xff));
    der += (der.back() == ':' ? "" : ":") + std::string(hex);
  };
  put(octets.size() + 2);
  put(0x80U + static_cast<size_t>(tag));
  put(octets.size());
  for (const char c : octets) put(static_cast<unsigned char>(c));
  Forgery spec;
  spec.common_name = "robot";
  spec.names.clear();
  spec.more = {{"subjectAltName", der}};
  return tls::client_identity(tls_test::forge(spec, nullptr).chain.front());
}

TEST(ClientIdentity, IsTheFirstNameOfTheBestKind) {
  EXPECT_EQ(identity("DNS:a.test,email:me@a.test,URI:spiffe://x/ns/a,URI:spiffe://x/ns/b"),
            "spiffe://x/ns/a");
  EXPECT_EQ(identity("email:me@a.test,DNS:B.test,DNS:a.test"), "b.test");
  EXPECT_EQ(identity("IP:192.0.2.1,email:me@a.test"), "me@a.test");
}

TEST(ClientIdentity, IsTheSubjectWhereThereIsNoSuchName) {
  EXPECT_EQ(identity(""), "CN=robot");
  EXPECT_EQ(identity("IP:192.0.2.1"), "CN=robot");
}

TEST(ClientIdentity, IsTheFingerprintWhereThereIsNoSubjectEither) {
  EXPECT_TRUE(identity("", "").starts_with("sha256="));
  EXPECT_EQ(identity("", "").size(), 7U + 64U);
}

TEST(ClientIdentity, IsTheFingerprintWhereTheSubjectIsTooLongToTellApart) {
  Forgery spec;
  // 64 characters at most, of which each has 4 octets.
  spec.common_name.clear();
  for (int i = 0; i < 64; ++i) spec.common_name += "\xf0\x9f\x98\x80";
  spec.names.clear();
  const std::string text = tls::client_identity(tls_test::forge(spec, nullptr).chain.front());
  EXPECT_TRUE(text.starts_with("sha256=")) << text;
}

TEST(ClientIdentity, PassesOverNamesThatCouldBeTakenForOthers) {
  const std::pair<int, std::string_view> cases[] = {
      {6, "admin.test"},                             // a URI that reads as a DNS name
      {6, "CN=admin"},                               // … as a subject
      {6, "sha256=00"},                              // … as a fingerprint
      {6, "me@a.test"},                              // … as an address
      {6, "spiffe://x/a b"},                         // a space
      {6, std::string_view("spiffe://x/a\0b", 14)},  // NUL
      {6, "spiffe://x/\xc3\xa9"},                    // beyond ASCII
      {6, "://x"},                                   // no scheme
      {2, "spiffe://x/ns/a"},                        // a DNS name that reads as a URI
      {2, "192.0.2.1"},                              // … as an IP address
      {2, "*.a.test"},                               // a wildcard is nobody
      {2, std::string_view("a.test\0.b.test", 14)},  //
      {1, "admin.test"},                             // an address that reads as a DNS name
      {1, "spiffe://x@a.test"},                      // … as a URI
      {1, "CN=admin@a.test"},                        // … as a subject
      {1, "a@b@c"},                                  //
  };
  for (const auto& [tag, octets] : cases) {
    EXPECT_EQ(identity_of_octets(tag, octets), "CN=robot") << tag << " " << octets;
  }
  EXPECT_EQ(identity_of_octets(6, "spiffe://x/ns/a"), "spiffe://x/ns/a");
  EXPECT_EQ(identity_of_octets(2, "a.test"), "a.test");
  EXPECT_EQ(identity_of_octets(1, "me@a.test"), "me@a.test");
}

}  // namespace
