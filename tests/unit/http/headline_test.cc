#include "http/headline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace http {
namespace {

using base::ErrorCode;

TEST(Headline, SaysWhatBecameOfTheTarget) {
  const auto say = [](ErrorCode code, std::string_view target) {
    return headline_of({code, target, "", "", "", "7f3a-12"});
  };
  EXPECT_EQ(say(ErrorCode::kDnsNotFound, "x.test:443"),
            "sluice: DNS: x.test does not exist (id 7f3a-12)");
  EXPECT_EQ(say(ErrorCode::kConnectRefused, "x.test:443"),
            "sluice: x.test:443 refused the connection (id 7f3a-12)");
  EXPECT_EQ(say(ErrorCode::kConnectTimeout, "http://x.test:80/secret?no"),
            "sluice: no connection in time to x.test:80 (id 7f3a-12)");
  EXPECT_EQ(say(ErrorCode::kDnsTimeout, "[2001:db8::1]:443"),
            "sluice: DNS: no answer in time for [2001:db8::1] (id 7f3a-12)");
}

TEST(Headline, NamesTheRule) {
  EXPECT_EQ(headline_of({ErrorCode::kDenied, "x.test:443", "no-mail", "", "", "7"}),
            "sluice: denied by \"no-mail\": x.test:443 (id 7)");
  EXPECT_EQ(headline_of({ErrorCode::kDenied, "x.test:443", "default", "", "", "7"}),
            "sluice: denied, no rule allows x.test:443 (id 7)");
}

TEST(Headline, TakesTheFirstClauseOfOtherSentences) {
  EXPECT_EQ(headline_of({ErrorCode::kBadRequest, "-", "", "",
                         "the request has several Host fields (RFC 9112 §3.2); send one", "7"}),
            "sluice: the request has several Host fields (id 7)");
}

TEST(Headline, IsShortPrintableAsciiAndKeepsTheId) {
  const std::string long_host = std::string(60, 'a') + "." + std::string(60, 'b') + ".test:443";
  for (int code = 0; code <= static_cast<int>(ErrorCode::kCancelled); ++code) {
    const std::string out = headline_of({static_cast<ErrorCode>(code), long_host, "r\xc3\xbcle\r\n",
                                         "expired", "a sentence\r\nwith § and \xff", "7f3a-12"});
    EXPECT_LE(out.size(), kMaxHeadline);
    EXPECT_TRUE(std::all_of(out.begin(), out.end(), [](char c) { return c >= 0x20 && c < 0x7f; }));
    EXPECT_TRUE(out.starts_with("sluice: "));
    EXPECT_TRUE(out.ends_with("(id 7f3a-12)")) << out;
  }
}

TEST(AsciiText, PutsTheSectionSignIntoWords) {
  EXPECT_EQ(ascii_text("RFC 9112 §9.6"), "RFC 9112 section 9.6");
  EXPECT_EQ(ascii_text("B\xc3\xbc\xff\x1b"), "B???");
}

}  // namespace
}  // namespace http
