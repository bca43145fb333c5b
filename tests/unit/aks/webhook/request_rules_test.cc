#include "aks/webhook/request_rules.h"

#include <gtest/gtest.h>

#include "aks/admission.h"

namespace aks::webhook {
namespace {

struct Asked {
  http::RequestHead head;
  std::string path;
};

Asked request(const char* method, const char* path,
              const std::vector<std::pair<const char*, std::string>>& fields) {
  Asked made;
  made.head.method = method;
  made.path = path;
  for (const auto& [name, value] : fields) made.head.fields.add(name, value);
  return made;
}

int status(const Asked& given) {
  const auto refusal = judge(given.head, given.path);
  return refusal ? refusal->status : 200;
}

constexpr const char* kType = "Content-Type";
constexpr const char* kLength = "Content-Length";
constexpr const char* kCoding = "Transfer-Encoding";

TEST(RequestRules, TakeAReviewWithOneLength) {
  const std::string most = std::to_string(kMaxReviewBytes);
  EXPECT_EQ(status(request("POST", "/mutate", {{kType, "application/json"}, {kLength, most}})),
            200);
  EXPECT_EQ(status(request(
                "POST", "/mutate",
                {{"content-type", "Application/JSON; charset=utf-8"}, {"content-length", "0"}})),
            200);
  EXPECT_EQ(status(request("POST", "/mutate", {{kType, "application/json"}, {kCoding, "Chunked"}})),
            200);
  EXPECT_EQ(status(request(
                "POST", "/mutate",
                {{kType, "application/json"}, {kLength, "1"}, {"Content-Encoding", "identity"}})),
            200);
}

TEST(RequestRules, RefuseAReviewOfUnclearOrTooGreatLength) {
  const std::string over = std::to_string(kMaxReviewBytes + 1);
  const std::pair<std::vector<std::pair<const char*, std::string>>, int> kCases[] = {
      {{}, 411},
      {{{kLength, over}}, 413},
      {{{kLength, ""}}, 400},
      {{{kLength, "+1"}}, 400},
      {{{kLength, "0x10"}}, 400},
      {{{kLength, "1, 1"}}, 400},
      {{{kLength, "18446744073709551617"}}, 400},
      {{{kLength, "1"}, {kLength, "1"}}, 400},
      {{{kLength, "1"}, {kCoding, "chunked"}}, 400},
      {{{kCoding, "chunked"}, {kCoding, "chunked"}}, 400},
      {{{kCoding, "identity"}}, 501},
  };
  for (const auto& [fields, expected] : kCases) {
    Asked given = request("POST", "/mutate", fields);
    given.head.fields.add(kType, "application/json");
    EXPECT_EQ(status(given), expected);
  }
}

TEST(RequestRules, RefuseOtherFormsOfAReview) {
  EXPECT_EQ(status(request("POST", "/mutate", {{kLength, "1"}})), 415);
  EXPECT_EQ(status(request("POST", "/mutate", {{kType, "text/plain"}, {kLength, "1"}})), 415);
  EXPECT_EQ(
      status(request("POST", "/mutate",
                     {{kType, "application/json"}, {kLength, "1"}, {"Content-Encoding", "gzip"}})),
      415);
  EXPECT_EQ(status(request("PUT", "/mutate", {{kLength, "1"}})), 405);
}

TEST(RequestRules, LetPagesBeReadWithoutABody) {
  EXPECT_EQ(status(request("GET", "/healthz", {})), 200);
  EXPECT_EQ(status(request("HEAD", "/metrics", {{kLength, "0"}})), 200);
  EXPECT_EQ(status(request("GET", "/healthz", {{kLength, "1"}})), 400);
  EXPECT_EQ(status(request("GET", "/healthz", {{kCoding, "chunked"}})), 400);
  EXPECT_EQ(status(request("POST", "/healthz", {{kLength, "0"}})), 404);
}

}  // namespace
}  // namespace aks::webhook
