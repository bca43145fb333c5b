#include <gtest/gtest.h>

#include <string>

#include "http/parse.h"
#include "http/target.h"

namespace http {
namespace {

// "path", or the error's token, for a request inside a connection to origin.test:`port`.
std::string inner(const std::string& lines, std::uint16_t port = 443) {
  const auto head = parse_request_head(lines + "\r\n\r\n", Limits{});
  if (!head) return "no head";
  const Authority origin{"origin.test", std::nullopt, port};
  const auto target = parse_inner_target(*head, origin);
  if (!target) return std::string(base::token_of(target.error().code));
  const auto host = check_inner_host(*head, origin);
  if (!host) return std::string(base::token_of(host.error().code));
  EXPECT_EQ(target->form, TargetForm::kAbsolute);
  EXPECT_EQ(target->scheme, Scheme::kHttps);
  EXPECT_EQ(target->authority.host, "origin.test");
  return target->path_and_query;
}

TEST(InnerTarget, IsForTheOriginOfTheConnection) {
  EXPECT_EQ(inner("GET /a?b HTTP/1.1\r\nHost: origin.test"), "/a?b");
  EXPECT_EQ(inner("GET /a HTTP/1.1\r\nHost: ORIGIN.test.:443"), "/a");
  EXPECT_EQ(inner("GET /a HTTP/1.1\r\nHost: origin.test:8443", 8443), "/a");
  EXPECT_EQ(inner("GET /a HTTP/1.0"), "/a");
  EXPECT_EQ(inner("GET https://origin.test/a HTTP/1.1\r\nHost: origin.test"), "/a");
  EXPECT_EQ(inner("OPTIONS * HTTP/1.1\r\nHost: origin.test"), "*");
}

TEST(InnerTarget, RefusesOtherAuthorities) {
  EXPECT_EQ(inner("GET / HTTP/1.1\r\nHost: other.test"), "misdirected");
  EXPECT_EQ(inner("GET / HTTP/1.1\r\nHost: origin.test:80"), "misdirected");
  EXPECT_EQ(inner("GET / HTTP/1.1\r\nHost: origin.test", 8443), "misdirected");
  EXPECT_EQ(inner("GET https://other.test/ HTTP/1.1\r\nHost: origin.test"), "misdirected");
  EXPECT_EQ(inner("OPTIONS * HTTP/1.1\r\nHost: other.test"), "misdirected");
  EXPECT_EQ(inner("GET / HTTP/1.1\r\nHost:"), "bad_request");
}

// RFC 9112 §3.2.2: an absolute-form target says whose it is, whatever Host says.
TEST(InnerTarget, HostDoesNotCountBesideAnAbsoluteForm) {
  for (const char* host : {"other.test", "origin.test:80", ""}) {
    const std::string text =
        "GET https://origin.test/ HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n";
    const auto head = parse_request_head(text, Limits{});
    ASSERT_TRUE(head);
    const auto lints = check_inner_host(*head, {"origin.test", std::nullopt, 443});
    ASSERT_TRUE(lints) << lints.error().detail;
    EXPECT_EQ(*lints, Lints(Lint::kHostReplaced));
  }
}

TEST(InnerTarget, RefusesWhatIsNoRequestToAnOrigin) {
  EXPECT_EQ(inner("CONNECT origin.test:443 HTTP/1.1\r\nHost: origin.test"), "method_refused");
  EXPECT_EQ(inner("GET http://origin.test/ HTTP/1.1\r\nHost: origin.test"), "bad_request");
  EXPECT_EQ(inner("GET * HTTP/1.1\r\nHost: origin.test"), "bad_request");
  EXPECT_EQ(inner("GET /#x HTTP/1.1\r\nHost: origin.test"), "bad_request");
  EXPECT_EQ(inner("GET / HTTP/1.1"), "bad_request");
  EXPECT_EQ(inner("GET / HTTP/1.1\r\nHost: origin.test\r\nHost: origin.test"), "bad_request");
  EXPECT_EQ(inner("GET / HTTP/1.1\r\nHost: a@origin.test"), "bad_request");
}

}  // namespace
}  // namespace http
