#include "http/reply.h"

#include <gtest/gtest.h>

#include <string>

#include "http/parse.h"
#include "http/proxy_status.h"

namespace http {
namespace {

ErrorReply denied() {
  ErrorReply reply;
  reply.status = 403;
  reply.code = base::token_of(base::ErrorCode::kDenied);
  reply.request_id = "7f3a-1";
  reply.rule = "no-social";
  reply.sentence = "The policy denies a.test:443.";
  reply.next_step = "Add an allow rule.";
  reply.via = "sluice";
  return reply;
}

struct Message {
  ResponseHead head;
  std::string body;
};

Message parse(const std::string& reply) {
  const size_t end = reply.find("\r\n\r\n") + 4;
  auto head = parse_response_head(reply.substr(0, end), Limits{});
  EXPECT_TRUE(head) << reply;
  return {*std::move(head), reply.substr(end)};
}

TEST(ErrorReply, SaysWhatWhyAndWhatNext) {
  const Message got = parse(error_reply(denied()));
  EXPECT_EQ(got.head.status, 403);
  EXPECT_EQ(got.head.reason, "Forbidden");
  EXPECT_EQ(got.body,
            "403 Forbidden\n\nThe policy denies a.test:443.\nNext step: Add an allow rule.\n\n"
            "Error: denied\nRule: no-social\nRequest id: 7f3a-1\nProxy: sluice\n");
}

TEST(ErrorReply, IsSafeToShowAndNeverStored) {
  const Fields fields = parse(error_reply(denied())).head.fields;
  EXPECT_EQ(fields.find("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(fields.find("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(fields.find("Cache-Control"), "no-store");
  EXPECT_EQ(fields.find("Connection"), "close");
  EXPECT_EQ(fields.find("Proxy-Status"),
            "sluice; error=http_request_denied; "
            "details=\"denied: The policy denies a.test:443. (id 7f3a-1)\"");
}

TEST(ErrorReply, MayHaveATellingReasonPhrase) {
  ErrorReply reply = denied();
  reply.headline = "sluice: denied (id 7f3a-1)";
  EXPECT_EQ(parse(error_reply(reply)).head.reason, "sluice: denied (id 7f3a-1)");
  reply.headline = "a\r\nSet-Cookie: b";
  const Message got = parse(error_reply(reply));
  EXPECT_EQ(got.head.reason, "a??Set-Cookie: b");
  EXPECT_EQ(got.head.fields.find("Set-Cookie"), std::nullopt);
}

TEST(ErrorReply, KeepsUtf8AndEscapesNothingTwice) {
  ErrorReply reply = denied();
  reply.sentence =
      "it begins \"\\x16\\x03\", B\xc3\xbc"
      "cher (RFC 9112 §9.6)";
  const Message got = parse(error_reply(reply));
  EXPECT_NE(got.body.find(reply.sentence), std::string::npos) << got.body;
  const std::string status(*got.head.fields.find("Proxy-Status"));
  EXPECT_NE(status.find(R"(begins \"\\x16\\x03\", B?cher (RFC 9112 section 9.6))"),
            std::string::npos)
      << status;
}

TEST(ErrorReply, LengthMatchesTheBodyEvenWhereItIsOmitted) {
  ErrorReply reply = denied();
  const Message full = parse(error_reply(reply));
  reply.body = ErrorReply::Body::kOmit;
  const Message head_only = parse(error_reply(reply));
  EXPECT_EQ(full.head.fields.find("Content-Length"), std::to_string(full.body.size()));
  EXPECT_EQ(head_only.head.fields.find("Content-Length"), std::to_string(full.body.size()));
  EXPECT_EQ(head_only.body, "");
}

TEST(ErrorReply, HasTheFieldsItsStatusAsksFor) {
  ErrorReply reply = denied();
  EXPECT_EQ(parse(error_reply(reply)).head.fields.find("Retry-After"), std::nullopt);
  reply.status = 503;
  reply.persistence = Persistence::kKeepAlive;
  EXPECT_NE(parse(error_reply(reply)).head.fields.find("Retry-After"), std::nullopt);
  EXPECT_EQ(parse(error_reply(reply)).head.fields.find("Connection"), "keep-alive");
  reply.status = 405;
  EXPECT_EQ(parse(error_reply(reply)).head.fields.find("Allow"),
            "CONNECT, DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
}

TEST(ErrorReply, CannotBeSplitByWhatItIsGiven) {
  ErrorReply reply = denied();
  reply.rule = "a\r\nb";
  reply.sentence = "x\r\n\r\n<script>\x1b";
  reply.via = "v\r\nSet-Cookie: a";
  const Message got = parse(error_reply(reply));
  EXPECT_EQ(got.head.fields.find("Set-Cookie"), std::nullopt);
  EXPECT_NE(got.body.find("Rule: a\\x0d\\x0ab\n"), std::string::npos);
  EXPECT_NE(got.body.find("x\\x0d\\x0a\\x0d\\x0a<script>\\x1b\n"), std::string::npos);
}

TEST(ProxyStatus, HasATypeForEveryErrorCode) {
  for (int i = 0; i <= static_cast<int>(base::ErrorCode::kCancelled); ++i) {
    const auto code = static_cast<base::ErrorCode>(i);
    const std::string_view type = proxy_status_error(base::token_of(code));
    const bool internal = code == base::ErrorCode::kIo || code == base::ErrorCode::kInternal;
    EXPECT_EQ(type == "proxy_internal_error", internal) << base::token_of(code);
  }
  EXPECT_EQ(proxy_status_error("dns_not_found"), "dns_error");
  EXPECT_EQ(proxy_status_error("address_denied"), "destination_ip_prohibited");
  EXPECT_EQ(proxy_status_error("no such code"), "proxy_internal_error");
}

TEST(ProxyStatus, CutsASentenceThatIsVeryLong) {
  const std::string status =
      proxy_status("sluice", "bad_request", std::string(5000, 'x'), "7f3a-1");
  EXPECT_LT(status.size(), 700U);
  EXPECT_TRUE(status.ends_with("x... (id 7f3a-1)\"")) << status;
}

TEST(ProxyStatus, QuotesPseudonymsThatAreNoTokens) {
  EXPECT_EQ(proxy_status("proxy-1.example:3128"), "proxy-1.example:3128");
  EXPECT_EQ(proxy_status("1st \"proxy\""), "\"1st \\\"proxy\\\"\"");
}

TEST(Replies, WithoutContentAreFixed) {
  EXPECT_EQ(connect_reply(), "HTTP/1.1 200 Connection established\r\n\r\n");
  EXPECT_EQ(continue_reply(), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(to_http1(options_message("sluice"), Persistence::kKeepAlive),
            "HTTP/1.1 200 OK\r\nAllow: CONNECT, DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT\r\n"
            "Content-Length: 0\r\nProxy-Status: sluice\r\nConnection: keep-alive\r\n\r\n");
}

TEST(ReasonOf, KnowsEveryStatusOfAnError) {
  for (int i = 0; i <= static_cast<int>(base::ErrorCode::kCancelled); ++i) {
    const int status = base::status_of(static_cast<base::ErrorCode>(i));
    if (status == 0) continue;
    EXPECT_NE(reason_of(status), "") << status;
  }
  EXPECT_EQ(reason_of(299), "");
}

}  // namespace
}  // namespace http
