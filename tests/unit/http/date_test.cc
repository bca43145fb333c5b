#include "http/date.h"

#include <gtest/gtest.h>

#include "http/rewrite.h"

namespace http {
namespace {

base::WallTime at(std::int64_t seconds) { return base::WallTime(std::chrono::seconds(seconds)); }

TEST(Date, IsWrittenInThePreferredFormat) {
  EXPECT_EQ(http_date(at(784111777)), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(at(0)), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(at(1709210096)), "Thu, 29 Feb 2024 12:34:56 GMT");
}

std::string forwarded(int status, const char* date) {
  ResponseHead head;
  head.status = status;
  if (date != nullptr) head.fields.add("Date", date);
  ResponseRewrite how;
  how.via = "p";
  how.date = "NOW";
  return client_response(head, how);
}

TEST(Date, IsAddedToAFinalResponseThatHasNone) {
  EXPECT_NE(forwarded(200, nullptr).find("\r\nDate: NOW\r\n"), std::string::npos);
}

TEST(Date, OfTheOriginStays) {
  const std::string text = forwarded(200, "THEN");
  EXPECT_NE(text.find("\r\nDate: THEN\r\n"), std::string::npos);
  EXPECT_EQ(text.find("NOW"), std::string::npos);
}

TEST(Date, IsNotAddedToInterimResponses) {
  EXPECT_EQ(forwarded(103, nullptr).find("Date"), std::string::npos);
}

}  // namespace
}  // namespace http
