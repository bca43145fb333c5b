#include "http/rewrite.h"

#include <gtest/gtest.h>

#include <string>

#include "http/parse.h"

namespace http {
namespace {

// The request for the origin, of "GET http://a.test/x HTTP/1.1" with `lines`.
std::string forward(const std::string& lines, RequestRewrite how = {},
                    const std::string& start = "GET http://a.test/x HTTP/1.1") {
  const auto head = parse_request_head(start + "\r\n" + lines + "\r\n", Limits{});
  EXPECT_TRUE(head) << head.error().detail;
  const auto target = parse_target(*head);
  EXPECT_TRUE(target) << target.error().detail;
  how.via = "me";
  return origin_request(*head, *target, how);
}

// The response for the client, of "HTTP/1.1 200 OK" with `lines`.
std::string answer(const std::string& lines, ResponseRewrite how = {},
                   const std::string& start = "HTTP/1.1 200 OK") {
  const auto head = parse_response_head(start + "\r\n" + lines + "\r\n", Limits{});
  EXPECT_TRUE(head) << head.error().detail;
  how.via = "me";
  if (how.request_method.empty()) how.request_method = "GET";
  return client_response(*head, how);
}

constexpr BodyLength kFive{BodyKind::kLength, 5};
constexpr BodyLength kChunks{BodyKind::kChunked, 0};

TEST(OriginRequest, IsOriginFormWithHostOfTheTarget) {
  EXPECT_EQ(forward("Accept: */*\r\nHost: A.TEST:80\r\n"),
            "GET /x HTTP/1.1\r\nHost: a.test\r\nAccept: */*\r\nVia: 1.1 me\r\n\r\n");
  EXPECT_EQ(forward("", {}, "GET http://[::1]:8080?q HTTP/1.0"),
            "GET /?q HTTP/1.1\r\nHost: [::1]:8080\r\nVia: 1.0 me\r\n\r\n");
  EXPECT_EQ(forward("", {}, "OPTIONS http://a.test HTTP/1.1"),
            "OPTIONS * HTTP/1.1\r\nHost: a.test\r\nVia: 1.1 me\r\n\r\n");
}

TEST(OriginRequest, LeavesHopByHopFieldsBehind) {
  EXPECT_EQ(forward("Connection: close, X-Hop\r\nX-Hop: 1\r\nx-hop: 2\r\nKeep-Alive: timeout=5\r\n"
                    "Proxy-Connection: keep-alive\r\nProxy-Authorization: Basic dTpw\r\n"
                    "Proxy-Foo: 1\r\nTE: trailers\r\nTrailer: X\r\nUpgrade: h2c\r\n"
                    "HTTP2-Settings: AAMA\r\nCookie: a\r\n"),
            "GET /x HTTP/1.1\r\nHost: a.test\r\nCookie: a\r\nVia: 1.1 me\r\n\r\n");
}

TEST(OriginRequest, RemovesEndToEndFieldsThatConnectionNames) {
  EXPECT_EQ(forward("Connection: Cookie\r\nCookie: a\r\n"),
            "GET /x HTTP/1.1\r\nHost: a.test\r\nVia: 1.1 me\r\n\r\n");
}

TEST(OriginRequest, KeepsWhatConnectionMustNotName) {
  const RequestRewrite how{.body = kFive};
  EXPECT_EQ(
      forward("Connection: Host, Content-Length, Via, Forwarded, X-Forwarded-For, Connection\r\n"
              "Content-Length: 5\r\nVia: 1.0 other\r\nForwarded: for=b\r\n"
              "X-Forwarded-For: c\r\n",
              how),
      "GET /x HTTP/1.1\r\nHost: a.test\r\nForwarded: for=b\r\nX-Forwarded-For: c\r\n"
      "Content-Length: 5\r\nVia: 1.0 other, 1.1 me\r\n\r\n");
}

TEST(OriginRequest, WritesFramingFromWhatWasParsed) {
  EXPECT_EQ(forward("Content-Length: 0005\r\n", {.body = kFive}),
            "GET /x HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\nVia: 1.1 me\r\n\r\n");
  EXPECT_EQ(forward("Transfer-Encoding: CHUNKED\r\n", {.body = kChunks}),
            "GET /x HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\nVia: 1.1 me\r\n\r\n");
}

TEST(OriginRequest, JoinsViaInOrder) {
  EXPECT_EQ(forward("Via: 1.0 a\r\nAccept: x\r\nvia: 1.1 b (c), 2 d\r\n"),
            "GET /x HTTP/1.1\r\nHost: a.test\r\nAccept: x\r\n"
            "Via: 1.0 a, 1.1 b (c), 2 d, 1.1 me\r\n\r\n");
}

TEST(OriginRequest, AsksForAnInterimResponseOnlyWhenTheClientCanTakeIt) {
  const std::string expect = "Expect: 100-Continue\r\n";
  const RequestRewrite with_body{.body = kFive};
  EXPECT_NE(forward(expect, with_body).find("Expect: 100-Continue\r\n"), std::string::npos);
  EXPECT_EQ(forward(expect).find("Expect"), std::string::npos);
  EXPECT_EQ(forward(expect, with_body, "POST http://a.test/ HTTP/1.0").find("Expect"),
            std::string::npos);
}

TEST(OriginRequest, CountsMaxForwardsDown) {
  EXPECT_NE(forward("Max-Forwards: 7\r\n", {.max_forwards = 6}).find("Max-Forwards: 6\r\n"),
            std::string::npos);
  EXPECT_NE(forward("Max-Forwards: 7\r\n").find("Max-Forwards: 7\r\n"), std::string::npos);
}

TEST(OriginRequest, TellsTheConnectionsFate) {
  EXPECT_EQ(forward("", {.persistence = Persistence::kClose}),
            "GET /x HTTP/1.1\r\nHost: a.test\r\nVia: 1.1 me\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(forward("Upgrade: h2c, websocket\r\nConnection: Upgrade\r\n", {.upgrade = "websocket"}),
            "GET /x HTTP/1.1\r\nHost: a.test\r\nVia: 1.1 me\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\n\r\n");
}

TEST(ClientResponse, LeavesHopByHopFieldsBehind) {
  EXPECT_EQ(answer("Connection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nUpgrade: h2c\r\n"
                   "Proxy-Authenticate: Basic\r\nProxy-Authentication-Info: x\r\nTrailer: X\r\n"
                   "Proxy-Status: other; error=dns_error\r\nDate: now\r\nContent-Length: 5\r\n",
                   {.body = kFive}),
            "HTTP/1.1 200 OK\r\nProxy-Status: other; error=dns_error\r\nDate: now\r\n"
            "Content-Length: 5\r\nVia: 1.1 me\r\n\r\n");
}

TEST(ClientResponse, NeverJoinsCookies) {
  EXPECT_EQ(
      answer("Set-Cookie: a=1, x\r\nSet-Cookie: b=2\r\nContent-Length: 5\r\n", {.body = kFive}),
      "HTTP/1.1 200 OK\r\nSet-Cookie: a=1, x\r\nSet-Cookie: b=2\r\nContent-Length: 5\r\n"
      "Via: 1.1 me\r\n\r\n");
}

TEST(ClientResponse, WritesFramingAsTheClientGetsIt) {
  EXPECT_EQ(answer("Transfer-Encoding: chunked\r\n", {.body = kChunks}),
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nVia: 1.1 me\r\n\r\n");
  EXPECT_EQ(answer("Transfer-Encoding: chunked\r\n",
                   {.body = {BodyKind::kUntilClose, 0}, .client_minor_version = 0}),
            "HTTP/1.1 200 OK\r\nVia: 1.1 me\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(answer("Connection: Content-Length\r\nContent-Length: 005\r\n", {.body = kFive}),
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nVia: 1.1 me\r\n\r\n");
}

TEST(ClientResponse, KeepsTheLengthOfWhatIsNotSent) {
  const std::string length = "Content-Length: 5\r\n";
  const std::string tail = length + "Via: 1.1 me\r\n\r\n";
  EXPECT_EQ(answer(length, {.request_method = "HEAD"}), "HTTP/1.1 200 OK\r\n" + tail);
  EXPECT_EQ(answer(length, {}, "HTTP/1.1 304 Same"), "HTTP/1.1 304 Same\r\n" + tail);
  EXPECT_EQ(answer(length, {}, "HTTP/1.1 204 None"), "HTTP/1.1 204 None\r\nVia: 1.1 me\r\n\r\n");
  EXPECT_EQ(answer(length, {.request_method = "HEAD"}, "HTTP/1.1 103 Early"),
            "HTTP/1.1 103 Early\r\nVia: 1.1 me\r\n\r\n");
}

TEST(ClientResponse, TellsTheConnectionsFate) {
  EXPECT_EQ(answer("", {.body = kFive, .persistence = Persistence::kClose}),
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nVia: 1.1 me\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(
      answer("", {.body = kFive, .client_minor_version = 0}),
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nVia: 1.1 me\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(answer("", {.persistence = Persistence::kClose}, "HTTP/1.1 100 Continue"),
            "HTTP/1.1 100 Continue\r\nVia: 1.1 me\r\n\r\n");
}

TEST(ClientResponse, KeepsTheUpgradeToWebSocket) {
  EXPECT_EQ(answer("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n",
                   {.upgrade = "websocket"}, "HTTP/1.1 101 Switching Protocols"),
            "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: x\r\nVia: 1.1 me\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
}

TEST(ClientResponse, NamesTheVersionReceivedInVia) {
  EXPECT_EQ(answer("Via: 1.1 b\r\n", {}, "HTTP/1.0 200 "),
            "HTTP/1.1 200 \r\nVia: 1.1 b, 1.0 me\r\n\r\n");
}

TEST(Rewrite, OptionsBeyondTheCapAreIgnored) {
  std::string options = "Connection: ";
  for (int i = 0; i < 64; ++i) options += "o" + std::to_string(i) + ", ";
  const std::string out = forward(options + "late\r\no63: 1\r\nlate: 1\r\n");
  EXPECT_EQ(out.find("o63"), std::string::npos);
  EXPECT_NE(out.find("late: 1"), std::string::npos);
}

std::string text_of(const Fields& fields) {
  std::string out;
  for (size_t i = 0; i < fields.size(); ++i) {
    out.append(fields.at(i).name).append(": ").append(fields.at(i).value).append("\n");
  }
  return out;
}

TEST(OriginFields, AreLowerCaseWithoutHostAndConnection) {
  const auto head = parse_request_head(
      "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nConnection: X-Hop\r\nX-Hop: 1\r\n"
      "Keep-Alive: 5\r\nUpgrade: h2c\r\nTransfer-Encoding: chunked\r\nX-Kept: Yes\r\n\r\n",
      Limits{});
  ASSERT_TRUE(head);
  EXPECT_EQ(text_of(origin_fields(*head, {.via = "me", .body = kChunks})),
            "x-kept: Yes\nvia: 1.1 me\n");
}

TEST(OriginFields, KeepTheLengthAndTheWishForTrailers) {
  RequestHead head{"POST", "https://a.test/", 1, {}, Protocol::kHttp2};
  head.fields.add("host", "a.test");
  head.fields.add("te", "trailers");
  EXPECT_EQ(text_of(origin_fields(head, {.via = "me", .body = kFive})),
            "content-length: 5\nte: trailers\nvia: 2 me\n");
}

TEST(OriginRequest, NamesHttp2InVia) {
  RequestHead head{"GET", "http://a.test/", 1, {}, Protocol::kHttp2};
  const auto target = parse_target(head);
  ASSERT_TRUE(target);
  EXPECT_EQ(origin_request(head, *target, {.via = "me"}),
            "GET / HTTP/1.1\r\nHost: a.test\r\nVia: 2 me\r\n\r\n");
}

TEST(ClientFields, AreLowerCaseWithDateAndWithoutConnection) {
  const auto head = parse_response_head(
      "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nX-Kept: Yes\r\n\r\n",
      Limits{});
  ASSERT_TRUE(head);
  EXPECT_EQ(text_of(client_fields(*head, {.via = "me", .body = kChunks, .date = "now"})),
            "x-kept: Yes\ndate: now\nvia: 1.1 me\n");
  EXPECT_EQ(text_of(client_fields(*head, {.via = "me", .body = kFive, .date = "now"})),
            "x-kept: Yes\ndate: now\ncontent-length: 5\nvia: 1.1 me\n");
}

TEST(ClientFields, TellTheLengthOfWhatHeadWouldGet) {
  const auto head = parse_response_head("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", Limits{});
  ASSERT_TRUE(head);
  EXPECT_EQ(text_of(client_fields(*head, {.via = "me", .request_method = "HEAD"})),
            "content-length: 7\nvia: 1.1 me\n");
}

}  // namespace
}  // namespace http
