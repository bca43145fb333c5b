#include "aks/trusted_ca.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aks {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kPem[] = "-----BEGIN CERTIFICATE-----\nAAEC\nAwQF\n-----END CERTIFICATE-----\n";

// RFC 4648 §4, for input.
std::string base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) {
      group = group << 8 | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U);
    }
    for (size_t k = 0; k < 4; ++k) {
      out += i + k > text.size() ? '=' : kDigits[group >> (18 - 6 * k) & 63];
    }
  }
  return out;
}

struct Outcome {
  std::optional<std::string> pem;
  std::vector<std::string> rules;
  std::string messages;
};

Outcome parse(std::string_view text) {
  Outcome out;
  std::vector<Finding> findings;
  out.pem = parse_trusted_ca(text, "$.trustedCa", findings);
  for (const Finding& finding : findings) {
    out.rules.push_back(finding.rule);
    out.messages += finding.message + "\n";
  }
  return out;
}

TEST(Base64, DecodesTheVectorsOfTheRfc) {
  for (const char* text : {"f", "fo", "foo", "foob", "fooba", "foobar"}) {
    EXPECT_EQ(decode_base64(base64(text)), text);
  }
  EXPECT_EQ(decode_base64("Zm9v\r\nYmFy\n"), "foobar");
}

TEST(Base64, RefusesEverythingElse) {
  for (const char* text : {"", "Zg", "Zg=", "Z===", "Zm9v=", "Zm9-", "=Zm9", "Zm=v"}) {
    EXPECT_EQ(decode_base64(text), std::nullopt) << text;
  }
}

TEST(TrustedCa, GivesTheCertificates) {
  const Outcome out = parse(base64(kPem));
  EXPECT_EQ(out.pem, kPem);
  EXPECT_THAT(out.rules, IsEmpty());
}

TEST(TrustedCa, GivesABundleWithoutTheTextBetween) {
  const Outcome out = parse(base64(std::string("# first\n") + kPem + "subject=x\n" + kPem));
  EXPECT_EQ(out.pem, std::string(kPem) + kPem);
}

TEST(TrustedCa, NamesTheUsualMistakes) {
  EXPECT_THAT(parse(kPem).rules, ElementsAre("trusted-ca-base64"));
  EXPECT_THAT(parse("not base64!").rules, ElementsAre("trusted-ca-base64"));
  EXPECT_THAT(parse(base64(base64(kPem))).rules, ElementsAre("trusted-ca-twice"));
  EXPECT_THAT(parse(base64("\x30\x82\x01")).rules, ElementsAre("trusted-ca-pem"));
  EXPECT_THAT(parse(base64("-----BEGIN CERTIFICATE-----\nAAEC\n")).rules,
              ElementsAre("trusted-ca-pem"));
  EXPECT_THAT(parse(base64("-----BEGIN CERTIFICATE-----\n%%\n-----END CERTIFICATE-----\n")).rules,
              ElementsAre("trusted-ca-pem"));
  EXPECT_THAT(parse(base64(kPem).insert(8, "\n")).rules, ElementsAre("trusted-ca-lines"));
}

TEST(TrustedCa, NamesWhatItIsInstead) {
  const std::pair<std::string, const char*> cases[] = {
      {std::string("\x30\x82\x01\x0a\x30\x82\x01", 7), "openssl x509 -inform der"},
      {std::string("\x30\x80\x06\x09\x2a\x86\x48", 7), "openssl pkcs7 -inform der"},
      {std::string("\x30\x82\x0a\x00\x02\x01\x03\x30", 8), "openssl pkcs12"},
      {std::string("\xff\xfe-\0-\0", 6), "UTF-16"},
      {"-----BEGIN PKCS7-----\nAAEC\n-----END PKCS7-----\n", "openssl pkcs7 -in FILE"},
      {"plain text", "something other than PEM"},
  };
  for (const auto& [octets, words] : cases) {
    const Outcome out = parse(base64(octets));
    EXPECT_FALSE(out.pem) << words;
    EXPECT_THAT(out.messages, HasSubstr(words));
  }
}

TEST(TrustedCa, RefusesAPrivateKeyWithoutRepeatingIt) {
  const Outcome out = parse(base64(std::string(kPem) + "-----BEGIN EC PRIVATE KEY-----\nc2VjcmV0\n"
                                                       "-----END EC PRIVATE KEY-----\n"));
  EXPECT_FALSE(out.pem);
  EXPECT_THAT(out.rules, ElementsAre("trusted-ca-key"));
  EXPECT_THAT(out.messages, ::testing::Not(HasSubstr("c2Vj")));
}

TEST(TrustedCa, SaysWhyItIsNoBase64) {
  std::string url_safe = base64("\xfb\xff\xbf");
  EXPECT_THAT(parse("-__-").messages, HasSubstr("alphabet for URLs"));
  EXPECT_THAT(parse(url_safe.substr(0, 2)).messages, HasSubstr("padding"));
  EXPECT_THAT(parse("%%%%").messages, HasSubstr("is not base64"));
}

TEST(TrustedCa, FindsAPrivateKeyInEveryWrapping) {
  const std::string key = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";
  for (const std::string& text : {key, base64(key), base64(base64(key)), base64(kPem + key),
                                  base64(key.substr(0, 40) + kPem)}) {
    const Outcome out = parse(text);
    EXPECT_FALSE(out.pem);
    EXPECT_THAT(out.rules, ::testing::Contains("trusted-ca-key"));
    EXPECT_THAT(out.messages, ::testing::Not(HasSubstr("c2Vj")));
  }
}

TEST(TrustedCa, HoldsTheLimitsOfTheService) {
  std::string many;
  for (size_t i = 0; i < kMaxTrustedCertificates; ++i) many += kPem;
  EXPECT_TRUE(parse(base64(many)).pem);
  many += kPem;
  EXPECT_FALSE(parse(base64(many)).pem);
  EXPECT_THAT(parse(base64(many)).rules, ElementsAre("trusted-ca-count"));

  const std::string large = kPem + std::string(67 * 1024, '#');
  EXPECT_TRUE(parse(base64(large)).pem);
  EXPECT_THAT(parse(base64(large)).rules, IsEmpty()) << "clusters have as much";
}

TEST(TrustedCa, SurvivesEveryTruncation) {
  const std::string whole = base64(std::string(kPem) + kPem);
  for (size_t length = 0; length < whole.size(); ++length) {
    const Outcome out = parse(whole.substr(0, length));
    EXPECT_TRUE(out.pem || !out.rules.empty()) << length;
  }
}

TEST(Base64, EncodesWhatItDecodes) {
  EXPECT_EQ(encode_base64(""), "");
  EXPECT_EQ(encode_base64("f"), "Zg==");
  EXPECT_EQ(encode_base64("fo"), "Zm8=");
  EXPECT_EQ(encode_base64("foo"), "Zm9v");
  EXPECT_EQ(encode_base64("foobar"), "Zm9vYmFy");
  std::string octets;
  for (int i = 0; i < 256; ++i) octets += static_cast<char>(i);
  for (size_t size = 1; size <= octets.size(); ++size) {
    const std::string text = octets.substr(octets.size() - size);
    EXPECT_EQ(decode_base64(encode_base64(text)), text);
  }
}

}  // namespace
}  // namespace aks
