#include "http/h2/head.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/http/h2/frames.h"

namespace http::h2::testing {
namespace {

// "METHOD target | name: value | …", or the error's token.
std::string request_of(const Lines& lines, const Limits& limits = {}) {
  HeadBuilder builder(MessageKind::kRequest, limits);
  for (const auto& [name, value] : lines) builder.add(name, value);
  const auto head = builder.request();
  if (!head) return std::string(base::token_of(head.error().code));
  std::string out = head->method + " " + head->target;
  for (size_t i = 0; i < head->fields.size(); ++i) {
    out.append(" | ").append(head->fields.at(i).name).append(": ");
    out.append(head->fields.at(i).value);
  }
  return out;
}

Lines get_of(std::string_view authority, std::string_view path, const Lines& more = {}) {
  Lines lines = {{":method", "GET"}, {":scheme", "https"}, {":path", path}};
  if (!authority.empty()) lines.push_back({":authority", authority});
  lines.insert(lines.end(), more.begin(), more.end());
  return lines;
}

TEST(H2Head, BecomesARequestWithAbsoluteTargetAndHost) {
  EXPECT_EQ(request_of(get_of("a.test", "/x?y", {{"accept", "*/*"}})),
            "GET https://a.test/x?y | host: a.test | accept: */*");
  EXPECT_EQ(
      request_of(
          {{":method", "GET"}, {":scheme", "HTTP"}, {":authority", "a.test:80"}, {":path", "/"}}),
      "GET http://a.test:80/ | host: a.test:80");
  EXPECT_EQ(
      request_of(
          {{":method", "OPTIONS"}, {":scheme", "https"}, {":authority", "a.test"}, {":path", "*"}}),
      "OPTIONS https://a.test | host: a.test");
}

TEST(H2Head, BecomesAConnectWithAnAuthority) {
  EXPECT_EQ(request_of({{":method", "CONNECT"}, {":authority", "a.test:443"}}),
            "CONNECT a.test:443 | host: a.test:443");
}

TEST(H2Head, JoinsCookieCrumbs) {
  EXPECT_EQ(request_of(get_of("a.test", "/", {{"cookie", "a=1"}, {"x", "y"}, {"cookie", "b=2"}})),
            "GET https://a.test/ | host: a.test | cookie: a=1; b=2 | x: y");
  EXPECT_EQ(request_of(get_of("a.test", "/", {{"cookie", ""}, {"cookie", "b=2"}})),
            "GET https://a.test/ | host: a.test | cookie: b=2");
}

TEST(H2Head, TakesHostWhereThereIsNoAuthority) {
  EXPECT_EQ(request_of(get_of("", "/", {{"host", "a.test"}})),
            "GET https://a.test/ | host: a.test");
}

TEST(H2Head, LetsHostAndAuthorityAgreeInSubstance) {
  EXPECT_EQ(request_of(get_of("a.test", "/", {{"host", "A.test.:443"}})),
            "GET https://a.test/ | host: a.test");
}

TEST(H2Head, RefusesWhatNamesNoOrTwoDestinations) {
  for (const Lines& lines : {
           get_of("", "/"),
           get_of("", "/", {{"host", ""}}),
           get_of("a.test", "/", {{"host", "b.test"}}),
           get_of("a.test", "/", {{"host", "a.test:80"}}),
           get_of("a.test", "/", {{"host", "a b"}}),
           get_of("a.test", "/", {{"host", "a.test"}, {"host", "a.test"}}),
           get_of("user@a.test", "/"),
       }) {
    EXPECT_EQ(request_of(lines), "bad_request");
  }
}

TEST(H2Head, RefusesPathsThatNoRequestLineCouldCarry) {
  for (const std::string_view path :
       {std::string_view("x"), std::string_view(""), std::string_view("*"),
        std::string_view("http://b.test/"), std::string_view("/a b"),
        std::string_view("/a HTTP/1.1\r\nx: y"), std::string_view("/a\x7f"),
        std::string_view("/\xc3\xa9"), std::string_view("/a#b")}) {
    EXPECT_EQ(request_of(get_of("a.test", path)), "bad_request") << path;
  }
}

TEST(H2Head, RefusesMethodsAndSchemesAsHttp1Does) {
  EXPECT_EQ(
      request_of(
          {{":method", "get"}, {":scheme", "https"}, {":authority", "a.test"}, {":path", "/"}}),
      "method_unsupported");
  EXPECT_EQ(request_of(
                {{":method", "GET"}, {":scheme", "ftp"}, {":authority", "a.test"}, {":path", "/"}}),
            "scheme_unsupported");
}

TEST(H2Head, HoldsTheLimitsOfAnyHead) {
  Limits limits;
  limits.start_line_bytes = 10;
  EXPECT_EQ(request_of(get_of("a.test", "/123456789"), limits),
            "GET https://a.test/123456789 | host: a.test");
  EXPECT_EQ(request_of(get_of("a.test", "/1234567890"), limits), "uri_too_long");
  limits = {};
  limits.field_bytes = 8;
  EXPECT_EQ(request_of(get_of("a.test", "/", {{"x", "1234567"}}), limits),
            "GET https://a.test/ | host: a.test | x: 1234567");
  EXPECT_EQ(request_of(get_of("a.test", "/", {{"x", "12345678"}}), limits), "head_too_large");
  limits = {};
  limits.fields = 1;
  EXPECT_EQ(request_of(get_of("a.test", "/", {{"x", "1"}, {"y", "1"}}), limits), "head_too_large");
  limits = {};
  limits.head_bytes = 100;
  EXPECT_EQ(request_of(get_of("a.test", "/", {{"x", std::string(60, 'y')}}), limits),
            "head_too_large");
}

TEST(H2Head, BecomesAResponse) {
  HeadBuilder builder(MessageKind::kResponse, {});
  builder.add(":status", "204");
  builder.add("x", "y");
  const auto head = builder.response();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 204);
  EXPECT_EQ(head->fields.find("x"), "y");
}

TEST(H2Head, RefusesStatusCodesThatAreNone) {
  for (const char* status : {"099", "600", "2000", "20", "2x0", ""}) {
    HeadBuilder builder(MessageKind::kResponse, {});
    builder.add(":status", status);
    const auto head = builder.response();
    ASSERT_FALSE(head) << status;
    EXPECT_EQ(head.error().code, base::ErrorCode::kBadResponse);
  }
}

TEST(H2Head, DropsTrailersThatSteerTheMessage) {
  HeadBuilder builder(MessageKind::kResponse, {});
  builder.add("grpc-status", "0");
  builder.add("content-length", "5");
  builder.add("proxy-authenticate", "Basic");
  const auto trailers = builder.trailers();
  ASSERT_TRUE(trailers);
  EXPECT_EQ(trailers->size(), 1U);
  EXPECT_EQ(trailers->find("grpc-status"), "0");
}

}  // namespace
}  // namespace http::h2::testing
