#include "http/parse.h"

#include <gtest/gtest.h>

#include <string>

namespace http {
namespace {

using base::ErrorCode;

ErrorCode request_error(const std::string& head) {
  const auto parsed = parse_request_head(head, Limits{});
  return parsed ? ErrorCode::kCancelled : parsed.error().code;
}

TEST(ParseRequestHead, GivesLineAndFields) {
  const auto head = parse_request_head(
      "PATCH http://a.test/x?y HTTP/1.0\r\nHost: a.test\r\nX-Empty:\r\nx-two: \t b c \r\n\r\n",
      Limits{});
  ASSERT_TRUE(head) << head.error().detail;
  EXPECT_EQ(head->method, "PATCH");
  EXPECT_EQ(head->target, "http://a.test/x?y");
  EXPECT_EQ(head->minor_version, 0);
  ASSERT_EQ(head->fields.size(), 3U);
  EXPECT_EQ(head->fields.at(1).name, "X-Empty");
  EXPECT_EQ(head->fields.at(1).value, "");
  EXPECT_EQ(head->fields.at(2).name, "x-two");
  EXPECT_EQ(head->fields.at(2).value, "b c");
}

TEST(ParseRequestHead, TakesEveryMethodOfHttpThatTheParserKnows) {
  for (const std::string method : {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE",
                                   "PATCH", "PROPFIND", "M-SEARCH", "REPORT"}) {
    const auto head = parse_request_head(method + " http://a.test/ HTTP/1.1\r\n\r\n", Limits{});
    ASSERT_TRUE(head) << method;
    EXPECT_EQ(head->method, method);
  }
  const auto connect = parse_request_head("CONNECT a.test:443 HTTP/1.1\r\n\r\n", Limits{});
  ASSERT_TRUE(connect);
  EXPECT_EQ(connect->target, "a.test:443");
}

TEST(ParseRequestHead, KeepsFramingFieldsForTheFramingToJudge) {
  for (const std::string field : {"Transfer-Encoding: gzip, chunked", "Transfer-Encoding: cow",
                                  "Content-Length: 5", "Upgrade: h2c\r\nConnection: Upgrade"}) {
    EXPECT_TRUE(
        parse_request_head("POST http://a.test/ HTTP/1.1\r\n" + field + "\r\n\r\n", Limits{}))
        << field;
  }
}

TEST(ParseRequestHead, NamesWhatIsNotSupported) {
  EXPECT_EQ(request_error("GET http://a.test/ HTTP/2.0\r\n\r\n"), ErrorCode::kVersionUnsupported);
  EXPECT_EQ(request_error("PRI http://a.test/ HTTP/1.1\r\n\r\n"), ErrorCode::kMethodUnsupported);
  EXPECT_EQ(request_error("post http://a.test/ HTTP/1.1\r\n\r\n"), ErrorCode::kMethodUnsupported);
  EXPECT_EQ(request_error("GET http://a.test/ FTP/1.1\r\n\r\n"), ErrorCode::kBadRequest);
}

// llhttp knows some of these and reads others as the methods of other protocols.
TEST(ParseRequestHead, TakesAnyToken) {
  for (const std::string method : {"BREW", "QUERY", "VERSION-CONTROL", "M-SEARCH", "SOURCE", "PLAY",
                                   "DESCRIBE", "GETS", "G", "purge", "!#$%&'*+-.^_`|~09"}) {
    for (const std::string target : {"http://a.test/x?y", "/x", "*"}) {
      const auto head =
          parse_request_head(method + " " + target + " HTTP/1.1\r\nHost: a.test\r\n\r\n", Limits{});
      ASSERT_TRUE(head) << method << ": " << head.error().detail;
      EXPECT_EQ(head->method, method);
      EXPECT_EQ(head->target, target);
      EXPECT_EQ(head->fields.count("Host"), 1U);
    }
  }
}

TEST(ParseRequestHead, NotesMethodsOfNoRegistry) {
  const auto lints = [](const std::string& method) {
    return parse_request_head(method + " / HTTP/1.1\r\n\r\n", Limits{})->lints;
  };
  EXPECT_TRUE(lints("QUERY").empty());
  EXPECT_EQ(lints("BREW"), Lints(Lint::kMethodUnregistered));
}

TEST(ParseRequestHead, RefusesWhatIsNotExactlyOneHead) {
  const std::string head = "GET http://a.test/ HTTP/1.1\r\n\r\n";
  EXPECT_EQ(request_error(""), ErrorCode::kBadRequest);
  EXPECT_EQ(request_error(head.substr(0, head.size() - 1)), ErrorCode::kBadRequest);
  EXPECT_EQ(request_error(head + "x"), ErrorCode::kBadRequest);
  EXPECT_EQ(request_error("\r\n" + head), ErrorCode::kBadRequest);
}

TEST(ParseRequestHead, HoldsTheLimits) {
  const auto head = parse_request_head("GET http://a.test/ HTTP/1.1\r\nA: 1\r\nB: 2\r\n\r\n",
                                       Limits{.fields = 1});
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error().code, ErrorCode::kHeadTooLarge);
}

TEST(ParseResponseHead, GivesLineAndFields) {
  const auto head = parse_response_head(
      "HTTP/1.1 404 Not \xe9 here\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\n", Limits{});
  ASSERT_TRUE(head) << head.error().detail;
  EXPECT_EQ(head->status, 404);
  EXPECT_EQ(head->reason, "Not \xe9 here");
  EXPECT_EQ(head->minor_version, 1);
  EXPECT_EQ(head->fields.count("Set-Cookie"), 2U);
}

TEST(ParseResponseHead, ReasonMayBeEmpty) {
  for (const std::string head : {"HTTP/1.0 200 \r\n\r\n", "HTTP/1.0 200\r\n\r\n"}) {
    const auto parsed = parse_response_head(head, Limits{});
    ASSERT_TRUE(parsed) << head;
    EXPECT_EQ(parsed->reason, "");
    EXPECT_EQ(parsed->minor_version, 0);
  }
}

TEST(ParseResponseHead, BlamesTheOrigin) {
  for (const std::string head : {"HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 600 X\r\n\r\n", "",
                                 "HTTP/1.1 200 OK\r\n\r\nx", "HTTP/1.1 200 OK\r\nA b\r\n\r\n"}) {
    const auto parsed = parse_response_head(head, Limits{});
    ASSERT_FALSE(parsed) << head;
    EXPECT_EQ(parsed.error().code, ErrorCode::kBadResponse);
    EXPECT_EQ(parsed.error().party, base::Party::kOrigin);
  }
}

TEST(ParseResponseHead, TakesWhiteSpaceAwayBeforeColons) {
  const auto head = parse_response_head(
      "HTTP/1.1 200 a : b\r\nX-A : b : c\r\nX-B\t \t:d\r\nContent-Length : 5\r\n\r\n", Limits{});
  ASSERT_TRUE(head) << head.error().detail;
  EXPECT_EQ(head->reason, "a : b");
  ASSERT_EQ(head->fields.size(), 3U);
  EXPECT_EQ(head->fields.at(0).name, "X-A");
  EXPECT_EQ(head->fields.at(0).value, "b : c");
  EXPECT_EQ(head->fields.at(1).name, "X-B");
  EXPECT_EQ(head->fields.find("Content-Length"), "5");
  EXPECT_EQ(head->lints, Lints(Lint::kSpaceBeforeColon));
}

TEST(ParseResponseHead, NotesContentWhereNoneMayBe) {
  const auto lints = [](const std::string& text) {
    return parse_response_head("HTTP/1.1 " + text + "\r\n\r\n", Limits{})->lints;
  };
  EXPECT_EQ(lints("204 X\r\nTransfer-Encoding: chunked"), Lints(Lint::kFramingDropped));
  EXPECT_EQ(lints("204 X\r\nContent-Length: 5"), Lints(Lint::kFramingDropped));
  EXPECT_EQ(lints("103 X\r\nContent-Length: 5"), Lints(Lint::kFramingDropped));
  EXPECT_TRUE(lints("204 X\r\nContent-Length: 0").empty());
  EXPECT_TRUE(lints("200 X\r\nTransfer-Encoding: chunked").empty());
  EXPECT_TRUE(lints("304 X\r\nContent-Length: 5").empty());
}

}  // namespace
}  // namespace http
