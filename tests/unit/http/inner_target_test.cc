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
  const auto target = parse_inner_target(*head, {"origin.test", std::nullopt, port});
  if (!target) return std::string(base::token_of(target.error().code));
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
  EXPECT_EQ(inner("GET https://origin.test/ HTTP/1.1\r\nHost: other.test"), "misdirected");
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
