#include "http/target.h"

#include <gtest/gtest.h>

#include <string>

namespace http {
namespace {

using base::ErrorCode;

// "form authority path", or the error's token.
std::string parse(const std::string& method, const std::string& text) {
  const auto target = parse_target({method, text, 1, {}});
  if (!target) return std::string(base::token_of(target.error().code));
  switch (target->form) {
    case TargetForm::kAuthority: return "authority " + target->authority.to_string();
    case TargetForm::kAsterisk: return "asterisk";
    case TargetForm::kAbsolute:
      return "absolute " + target->authority.to_string() + " " + target->path_and_query;
  }
  return "?";
}

struct Row {
  const char* method;
  const char* text;
  const char* result;
};

TEST(Target, IsCanonical) {
  const Row rows[] = {
      {"CONNECT", "Example.COM.:443", "authority example.com:443"},
      {"CONNECT", "[2001:DB8:0::1]:8443", "authority [2001:db8::1]:8443"},
      {"CONNECT", "192.0.2.1:80", "authority 192.0.2.1:80"},
      {"CONNECT", "under_score.test:1", "authority under_score.test:1"},
      {"GET", "http://a.test", "absolute a.test:80 /"},
      {"GET", "HTTP://A.test:/x", "absolute a.test:80 /x"},
      {"GET", "http://a.test?q=/", "absolute a.test:80 /?q=/"},
      {"GET", "http://a.test:8080/../x?y@z", "absolute a.test:8080 /../x?y@z"},
      {"GET", "http://[::1]/", "absolute [::1]:80 /"},
      {"OPTIONS", "*", "asterisk"},
      {"OPTIONS", "http://a.test", "absolute a.test:80 *"},
      {"OPTIONS", "http://a.test/", "absolute a.test:80 /"},
  };
  for (const Row& row : rows) EXPECT_EQ(parse(row.method, row.text), row.result) << row.text;
}

TEST(Target, RefusesConnectWithoutCanonicalHostAndPort) {
  for (const char* text : {"a.test",
                           "a.test:",
                           "a.test:0",
                           "a.test:65536",
                           "a.test:+443",
                           "a.test:0443",
                           ":443",
                           "*",
                           "/",
                           "http://a.test/",
                           "a.test:443/x",
                           "a.test:443?x",
                           "u@a.test:443",
                           "a.test:80:80",
                           "a.test,b.test:443",
                           "::1:443",
                           "[::1:443",
                           "[]:443",
                           "[a.test]:443",
                           "[192.0.2.1]:443",
                           "[fe80::1%25eth0]:443",
                           "[fe80::1%eth0]:443",
                           "[::1]x:443",
                           "[::1]",
                           "[v1.a]:443",
                           "a..test:443",
                           ".test:443",
                           ".:443",
                           "a b:443",
                           "%61.test:443",
                           "a\\b:443"}) {
    EXPECT_EQ(parse("CONNECT", text), "bad_request") << text;
  }
}

TEST(Target, RefusesAddressesInDisguise) {
  for (const char* host :
       {"127.1", "0x7f.1", "0x7f000001", "0177.0.0.1", "2130706433", "0", "127.0.0.0x1", "a.1",
        "256.0.0.1", "192.0.2.1.", "1.2.3.4.5", "0x", "a.0x1f", "169.254.0xa9fe"}) {
    EXPECT_EQ(parse("CONNECT", std::string(host) + ":443"), "bad_request") << host;
    EXPECT_EQ(parse("GET", "http://" + std::string(host) + "/"), "bad_request") << host;
  }
  EXPECT_EQ(parse("CONNECT", "1.a:443"), "authority 1.a:443");
  EXPECT_EQ(parse("CONNECT", "0xfg:443"), "authority 0xfg:443");
}

TEST(Target, HoldsTheLimitsOfDns) {
  const std::string label(63, 'a');
  const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'b');
  EXPECT_EQ(parse("CONNECT", longest + ":1"), "authority " + longest + ":1");
  EXPECT_EQ(parse("CONNECT", longest + ".:1"), "authority " + longest + ":1");
  EXPECT_EQ(parse("CONNECT", longest + "b:1"), "bad_request");
  EXPECT_EQ(parse("CONNECT", label + "a.test:1"), "bad_request");
}

TEST(Target, RefusesEveryOtherForm) {
  const Row rows[] = {
      {"GET", "/", "origin_form_refused"},
      {"GET", "//a.test/", "origin_form_refused"},
      {"GET", "*", "bad_request"},
      {"GET", "a.test:80", "bad_request"},
      {"GET", "http:/a.test/", "bad_request"},
      {"GET", "http:a.test", "bad_request"},
      {"GET", "http:///x", "bad_request"},
      {"GET", "http://:80/", "bad_request"},
      {"GET", "://a.test/", "bad_request"},
      {"GET", "1http://a.test/", "bad_request"},
      {"GET", "http://u:p@a.test/", "bad_request"},
      {"GET", "http://a.test/#f", "bad_request"},
      {"GET", "http://a.test#f", "bad_request"},
      {"GET", "http://a.test\\@b.test/", "bad_request"},
      {"GET", "https://a.test/", "scheme_unsupported"},
      {"GET", "ftp://a.test/", "scheme_unsupported"},
  };
  for (const Row& row : rows) EXPECT_EQ(parse(row.method, row.text), row.result) << row.text;
}

TEST(Authority, KnowsItsLiteralAddress) {
  const auto authority = parse_authority("[::ffff:192.0.2.1]:443");
  ASSERT_TRUE(authority);
  EXPECT_EQ(authority->literal, base::IpAddress::parse("::ffff:192.0.2.1"));
  EXPECT_EQ(parse_authority("a.test:443")->literal, std::nullopt);
}

// Whether the request's Host passes, for a target of GET http://a.test/ unless told otherwise.
bool host_passes(std::initializer_list<const char*> hosts, int minor = 1,
                 const std::string& method = "GET", const std::string& text = "http://a.test/") {
  RequestHead head{method, text, minor, {}};
  for (const char* host : hosts) head.fields.add("Host", host);
  const auto target = parse_target(head);
  return target.has_value() && check_host(head, *target).has_value();
}

TEST(CheckHost, WantsExactlyOneThatIsValid) {
  EXPECT_TRUE(host_passes({"a.test"}));
  EXPECT_TRUE(host_passes({"A.TEST.:80"}));
  EXPECT_FALSE(host_passes({}));
  EXPECT_FALSE(host_passes({"a.test", "a.test"}));
  EXPECT_FALSE(host_passes({"a.test, b.test"}));
  EXPECT_FALSE(host_passes({"a.test:port"}));
}

// RFC 9112 §3.2.2: a proxy ignores what it received and replaces it with the target's.
TEST(CheckHost, NotesOneThatDoesNotNameTheTarget) {
  const auto lints = [](const char* host, const std::string& text) {
    RequestHead head{"GET", text, 1, {}};
    head.fields.add("Host", host);
    return *check_host(head, *parse_target(head));
  };
  EXPECT_TRUE(lints("a.test", "http://a.test/").empty());
  EXPECT_TRUE(lints("a.test:80", "http://a.test/").empty());
  for (const char* host : {"b.test", "a.test:81", ""}) {
    EXPECT_EQ(lints(host, "http://a.test/"), Lints(Lint::kHostReplaced)) << host;
  }
  EXPECT_EQ(lints("a.test", "http://a.test:8080/"), Lints(Lint::kHostReplaced));
}

TEST(CheckHost, MayMissInHttp10) {
  EXPECT_TRUE(host_passes({}, 0));
  EXPECT_TRUE(host_passes({"a.test"}, 0));
  EXPECT_TRUE(host_passes({"b.test"}, 0));
}

TEST(CheckHost, OfConnectNeedOnlyBeValid) {
  EXPECT_TRUE(host_passes({"b.test"}, 1, "CONNECT", "a.test:443"));
  EXPECT_TRUE(host_passes({""}, 1, "CONNECT", "a.test:443"));
  EXPECT_FALSE(host_passes({"b@c.test"}, 1, "CONNECT", "a.test:443"));
  EXPECT_FALSE(host_passes({}, 1, "CONNECT", "a.test:443"));
}

TEST(CheckHost, MayBeEmptyForAsterisk) {
  EXPECT_TRUE(host_passes({""}, 1, "OPTIONS", "*"));
  EXPECT_TRUE(host_passes({"a.test"}, 1, "OPTIONS", "*"));
}

}  // namespace
}  // namespace http
