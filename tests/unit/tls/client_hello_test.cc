#include "tls/client_hello.h"

#include <gtest/gtest.h>

#include "tests/unit/tls/hellos.h"

namespace {

using tls::parse_client_hello;
using tls_test::alpn_extension;
using tls_test::Extensions;
using tls_test::hello_body;
using tls_test::octets_of;
using tls_test::server_name_extension;
using tls_test::vector_of;
using tls_test::versions_extension;

constexpr std::uint16_t kServerName = 0;
constexpr std::uint16_t kAlpn = 16;
constexpr std::uint16_t kVersions = 43;

std::string why(const Extensions& extensions) {
  const auto hello = parse_client_hello(hello_body(extensions));
  EXPECT_TRUE(hello || hello.error().code == base::ErrorCode::kTlsHandshake);
  EXPECT_TRUE(hello || hello.error().party == base::Party::kClient);
  return hello ? "accepted" : hello.error().detail;
}

std::string name_of(std::string_view server_name) {
  const auto hello =
      parse_client_hello(hello_body({{kServerName, server_name_extension(server_name)}}));
  return hello ? hello->server_name : "refused";
}

TEST(ClientHello, TellsNameProtocolsAndVersion) {
  const auto hello =
      parse_client_hello(hello_body({{kServerName, server_name_extension("good.test")},
                                     {kAlpn, alpn_extension({"h2", "http/1.1"})},
                                     {kVersions, versions_extension({0x0304, 0x0303})}}));
  ASSERT_TRUE(hello) << hello.error().detail;
  EXPECT_EQ(hello->server_name, "good.test");
  EXPECT_EQ(hello->alpn, (std::vector<std::string>{"h2", "http/1.1"}));
  EXPECT_EQ(hello->version, 0x0304);
  EXPECT_FALSE(hello->has_ech);
}

TEST(ClientHello, MayHaveNoExtensionsAtAll) {
  const auto hello = parse_client_hello(hello_body({}, 0x0302));
  ASSERT_TRUE(hello) << hello.error().detail;
  EXPECT_EQ(hello->server_name, "");
  EXPECT_TRUE(hello->alpn.empty());
  EXPECT_EQ(hello->version, 0x0302);
}

TEST(ClientHello, IsReadWithItsGreaseLeftOut) {
  // Laid out as Chrome does: GREASE first and last, among versions and protocols.
  const auto hello = parse_client_hello(
      hello_body({{0x1a1a, ""},
                  {kServerName, server_name_extension("good.test")},
                  {0xfe0d, std::string("\0\0\1\0\1\x55\0\x20", 8) + std::string(40, 'e')},
                  {kAlpn, alpn_extension({"\x2a\x2a", "h2"})},
                  {kVersions, versions_extension({0xfafa, 0x0304, 0x0303})},
                  {0xeaea, std::string(1, '\0')}}));
  ASSERT_TRUE(hello) << hello.error().detail;
  EXPECT_EQ(hello->server_name, "good.test");
  EXPECT_EQ(hello->alpn, std::vector<std::string>{"h2"});
  EXPECT_EQ(hello->version, 0x0304);
  EXPECT_TRUE(hello->has_ech);
}

TEST(ClientHello, OffersTheHighestVersionThatIsTls) {
  const std::tuple<std::uint16_t, std::vector<std::uint16_t>, std::uint16_t> cases[] = {
      {0x0303, {0x0304}, 0x0304},
      {0x0303, {0x0302, 0x0303}, 0x0303},
      {0x0303, {0x0304, 0x7f1c}, 0x0304},  // a draft
      {0x0303, {0x2a2a}, 0},
      // Only supported_versions may offer 1.3, and it overrules the head.
      {0x0304, {}, 0x0303},
      {0x0303, {0x0301}, 0x0301},
      {0x0300, {}, 0x0300},
      {0x0002, {}, 0},
      {0x7f1c, {}, 0},
  };
  for (const auto& [legacy, listed, expected] : cases) {
    Extensions extensions;
    if (!listed.empty()) extensions.emplace_back(kVersions, versions_extension(listed));
    const auto hello = parse_client_hello(hello_body(extensions, legacy));
    ASSERT_TRUE(hello) << legacy;
    EXPECT_EQ(hello->version, expected) << legacy;
  }
}

TEST(ClientHello, NamesItsServerInOneForm) {
  EXPECT_EQ(name_of("good.test"), "good.test");
  EXPECT_EQ(name_of("GOOD.Test"), "good.test");
  EXPECT_EQ(name_of("good.test."), "good.test");
  EXPECT_EQ(name_of("xn--bcher-kva.test"), "xn--bcher-kva.test");
  EXPECT_EQ(name_of("_sip.good.test"), "_sip.good.test");
  EXPECT_EQ(name_of(std::string(63, 'a') + ".test"), std::string(63, 'a') + ".test");
}

TEST(ClientHello, IsRefusedForAServerNameThatIsNone) {
  for (const std::string_view name :
       {std::string_view("good.test\0.evil.test", 20), std::string_view("\0", 1),
        std::string_view(""), std::string_view("."), std::string_view("good.test.."),
        std::string_view(".good.test"), std::string_view("good..test"),
        std::string_view("b\xc3\xbc"
                         "cher.test"),
        std::string_view("good test"), std::string_view("good.test/path"),
        std::string_view("good.test:443"), std::string_view("*.good.test"),
        std::string_view("192.0.2.1"), std::string_view("2001:db8::1"),
        std::string_view("[2001:db8::1]"), std::string_view("127.1"),
        std::string_view("0x7f000001"), std::string_view("good.test\r\nHost: evil.test")}) {
    EXPECT_EQ(name_of(name), "refused") << testing::PrintToString(name);
  }
  EXPECT_EQ(name_of(std::string(64, 'a') + ".test"), "refused");
  EXPECT_EQ(why({{kServerName, server_name_extension("b\xc3\xbc"
                                                     "cher.test")}}),
            "the client's ClientHello is refused: its server_name \"b\xc3\xbc"
            "cher.test\" is no "
            "DNS name; send A-labels (xn--), and none for an IP address");
}

TEST(ClientHello, IsRefusedForMoreOrLessThanOneName) {
  const std::string one = octets_of(0, 1) + vector_of("good.test", 2);
  const std::string other = octets_of(1, 1) + vector_of("good.test", 2);
  for (const std::string& content :
       {std::string(), vector_of("", 2), vector_of(one + one, 2), vector_of(one + other, 2),
        vector_of(other, 2), vector_of(one, 2) + "x", vector_of(one + "x", 2),
        vector_of(one, 2).substr(0, 9), octets_of(0, 3) + vector_of("good.test", 2)}) {
    EXPECT_NE(why({{kServerName, content}}).find("list of one host name"), std::string::npos)
        << testing::PrintToString(content);
  }
}

TEST(ClientHello, IsRefusedWhenAnExtensionComesTwice) {
  for (const std::uint16_t type : {kServerName, std::uint16_t{0x5555}}) {
    const std::string content = server_name_extension("good.test");
    EXPECT_NE(why({{type, content}, {21, "\0"}, {type, content}}).find("appears twice"),
              std::string::npos);
  }
}

TEST(ClientHello, IsRefusedForMalformedListsOfProtocolsAndVersions) {
  for (const std::string& content :
       {std::string(), vector_of("", 2), vector_of(std::string("\0", 1), 2),
        vector_of(vector_of("h2", 1) + std::string("\0", 1), 2), vector_of("\x05h2", 2),
        alpn_extension({"h2"}) + "x", alpn_extension({"h2"}).substr(0, 4)}) {
    EXPECT_NE(why({{kAlpn, content}}).find("application protocols"), std::string::npos)
        << testing::PrintToString(content);
  }
  for (const std::string& content :
       {std::string(), vector_of("", 1), vector_of("\x03", 1), vector_of("\x03\x04\x03", 1),
        versions_extension({0x0304}) + "x"}) {
    EXPECT_NE(why({{kVersions, content}}).find("versions is malformed"), std::string::npos)
        << testing::PrintToString(content);
  }
}

// Lengths inside lengths: a cut anywhere leaves one of them too long. One cut is a hello by itself:
// that before the extensions.
TEST(ClientHello, IsRefusedWhereverItIsCut) {
  const std::string body = hello_body({{kServerName, server_name_extension("good.test")},
                                       {kAlpn, alpn_extension({"h2"})},
                                       {0xfe0d, "ech"}});
  const std::size_t no_extensions = hello_body({}).size();
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_EQ(parse_client_hello(std::string_view(body).substr(0, size)).has_value(),
              size == no_extensions)
        << size;
  }
  EXPECT_TRUE(parse_client_hello(body));
  EXPECT_FALSE(parse_client_hello(body + "x"));
}

TEST(ClientHello, IsRefusedForAHeadThatTlsDoesNotKnow) {
  const std::string start = octets_of(0x0303, 2) + std::string(32, 'r');
  const std::string ciphers = vector_of("\x13\x01", 2);
  const std::string null = vector_of(std::string(1, '\0'), 1);
  EXPECT_TRUE(parse_client_hello(start + vector_of(std::string(32, 's'), 1) + ciphers + null));
  EXPECT_FALSE(parse_client_hello(start + vector_of(std::string(33, 's'), 1) + ciphers + null));
  EXPECT_FALSE(parse_client_hello(start + vector_of("", 1) + vector_of("", 2) + null));
  EXPECT_FALSE(parse_client_hello(start + vector_of("", 1) + vector_of("\x13\x01\x13", 2) + null));
  EXPECT_FALSE(parse_client_hello(start + vector_of("", 1) + ciphers + vector_of("", 1)));
}

}  // namespace
