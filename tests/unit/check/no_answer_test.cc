#include "check/no_answer.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace check {
namespace {

using base::Error;
using base::ErrorCode;
using base::Party;

TEST(NoAnswer, BlamesWhomeverWasAsked) {
  const Error closed{ErrorCode::kOriginClosed, Party::kOrigin, 0, "the origin closed"};
  EXPECT_EQ(no_answer_words(closed, "the proxy", ""),
            "the proxy closed the connection without an answer");
  EXPECT_EQ(no_answer_words(closed, "the proxy", "HTTP/1.1 200"),
            "the proxy closed the connection in the middle of its answer's head");
  const Error late{ErrorCode::kIdleTimeout, Party::kOrigin, ETIMEDOUT, "timeouts.idle"};
  EXPECT_EQ(no_answer_words(late, "the destination", ""),
            "the destination did not answer in time (--timeout)");
  const Error reset{ErrorCode::kOriginReset, Party::kOrigin, ECONNRESET, "the origin"};
  EXPECT_EQ(no_answer_words(reset, "the proxy", ""), "the proxy reset the connection (ECONNRESET)");
}

TEST(NoAnswer, ShowsHowGarbageBegins) {
  const Error bad{ErrorCode::kBadResponse, Party::kOrigin, 0,
                  "the response head is odd; the origin must be corrected"};
  EXPECT_EQ(no_answer_words(bad, "the proxy", "SSH-2.0\r\n"),
            "the response head is odd; the proxy must be corrected "
            "(it begins \"SSH-2.0\\x0d\\x0a\")");
}

}  // namespace
}  // namespace check
