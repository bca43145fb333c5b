#include "http/framing.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <utility>

namespace http {
namespace {

using base::ErrorCode;
using Lines = std::initializer_list<std::pair<const char*, const char*>>;

Fields fields_of(Lines lines) {
  Fields fields;
  for (const auto& [name, value] : lines) fields.add(name, value);
  return fields;
}

// "none", "length 5", "chunked", "close", or the error's token.
std::string show(const base::Result<BodyLength>& body) {
  if (!body) return std::string(base::token_of(body.error().code));
  switch (body->kind) {
    case BodyKind::kNone: return "none";
    case BodyKind::kLength: return "length " + std::to_string(body->length);
    case BodyKind::kChunked: return "chunked";
    case BodyKind::kUntilClose: return "close";
  }
  return "?";
}

std::string request(Lines lines, const char* method = "POST", int minor = 1) {
  return show(request_body({method, "http://a.test/", minor, fields_of(lines)}));
}

std::string response(int status, Lines lines, const char* method = "GET", int minor = 1) {
  return show(response_body({status, "", minor, fields_of(lines)}, method));
}

TEST(RequestBody, FollowsItsFields) {
  EXPECT_EQ(request({}), "none");
  EXPECT_EQ(request({{"content-length", "0"}}), "length 0");
  EXPECT_EQ(request({{"Content-Length", "00042"}}), "length 42");
  EXPECT_EQ(request({{"Content-Length", "9223372036854775807"}}), "length 9223372036854775807");
  EXPECT_EQ(request({{"Transfer-Encoding", "Chunked"}}), "chunked");
  EXPECT_EQ(request({{"Content-Length", "5"}}, "GET", 0), "length 5");
}

TEST(RequestBody, RefusesWhatTwoRecipientsReadDifferently) {
  EXPECT_EQ(request({{"Content-Length", "5"}, {"Transfer-Encoding", "chunked"}}), "bad_request");
  EXPECT_EQ(request({{"Content-Length", "5"}, {"Transfer-Encoding", ""}}), "bad_request");
  EXPECT_EQ(request({{"Content-Length", "5"}, {"Content-Length", "5"}}), "bad_request");
  EXPECT_EQ(request({{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}}),
            "bad_request");
  EXPECT_EQ(request({{"Transfer-Encoding", "chunked"}}, "POST", 0), "bad_request");
  for (const char* value : {"", "5,5", "+5", "-5", "5 5", "9223372036854775808", "0x5", "5a"}) {
    EXPECT_EQ(request({{"Content-Length", value}}), "bad_request") << value;
  }
  for (const char* value : {"", ",chunked", "chunked,", "identity", "chunked, gzip", "chunked;q=1",
                            "chunked, chunked", "identity, chunked", "cow"}) {
    EXPECT_EQ(request({{"Transfer-Encoding", value}}), "bad_request") << value;
  }
}

TEST(RequestBody, KnowsNoCodingBesidesChunked) {
  EXPECT_EQ(request({{"Transfer-Encoding", "gzip, chunked"}}), "coding_unsupported");
}

TEST(RequestBody, OfConnectIsEmptyOrRefused) {
  EXPECT_EQ(request({}, "CONNECT"), "none");
  EXPECT_EQ(request({{"Content-Length", "0"}}, "CONNECT"), "none");
  EXPECT_EQ(request({{"Content-Length", "1"}}, "CONNECT"), "bad_request");
  EXPECT_EQ(request({{"Transfer-Encoding", "chunked"}}, "CONNECT"), "bad_request");
}

TEST(ResponseBody, FollowsItsFieldsAndElseTheConnection) {
  EXPECT_EQ(response(200, {{"Content-Length", "5"}}), "length 5");
  EXPECT_EQ(response(200, {{"Transfer-Encoding", "chunked"}}), "chunked");
  EXPECT_EQ(response(200, {}), "close");
  EXPECT_EQ(response(200, {}, "GET", 0), "close");
}

TEST(ResponseBody, DependsOnStatusAndMethodFirst) {
  const Lines length = {{"Content-Length", "5"}};
  EXPECT_EQ(response(100, length), "none");
  EXPECT_EQ(response(204, length), "none");
  EXPECT_EQ(response(304, length), "none");
  EXPECT_EQ(response(101, {{"Transfer-Encoding", "chunked"}}), "none");
  EXPECT_EQ(response(204, {{"Transfer-Encoding", "chunked"}}), "none");
  EXPECT_EQ(response(200, length, "HEAD"), "none");
  EXPECT_EQ(response(200, {{"Transfer-Encoding", "chunked"}}, "HEAD"), "none");
  EXPECT_EQ(response(200, length, "CONNECT"), "none");
  EXPECT_EQ(response(403, length, "CONNECT"), "length 5");
}

TEST(ResponseBody, RefusesWhatTwoRecipientsReadDifferently) {
  const Lines chunked = {{"Transfer-Encoding", "chunked"}};
  EXPECT_EQ(response(200, chunked, "GET", 0), "bad_response");
  EXPECT_EQ(response(200, {{"Content-Length", "5"}, {"Transfer-Encoding", "chunked"}}),
            "bad_response");
  EXPECT_EQ(response(304, {{"Content-Length", "5"}, {"Content-Length", "6"}}), "bad_response");
  EXPECT_EQ(response(200, {{"Content-Length", "5, 5"}}), "bad_response");
  EXPECT_EQ(response(200, {{"Transfer-Encoding", "gzip, chunked"}}), "bad_response");
}

TEST(KeepsAlive, DependsOnVersionAndConnection) {
  EXPECT_TRUE(keeps_alive(1, {}));
  EXPECT_FALSE(keeps_alive(1, fields_of({{"Connection", "foo, Close"}})));
  EXPECT_FALSE(keeps_alive(0, {}));
  EXPECT_TRUE(keeps_alive(0, fields_of({{"Connection", "Keep-Alive"}})));
  EXPECT_FALSE(keeps_alive(0, fields_of({{"Connection", "keep-alive, close"}})));
}

}  // namespace
}  // namespace http
