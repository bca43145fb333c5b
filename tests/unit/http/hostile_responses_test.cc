// Responses that are broken, ambiguous or endless: each is a bad gateway, however it arrives.
#include <gtest/gtest.h>

#include <span>
#include <string>

#include "tests/unit/http/exchange.h"

namespace http::testing {
namespace {

using namespace std::string_literals;

struct Case {
  std::string name;
  std::string bytes;
  int status;
  std::string content = "";
  bool whole = true;
};

std::string ok(const std::string& lines) { return "HTTP/1.1 200 OK\r\n" + lines; }
std::string chunked(const std::string& body) {
  return ok("Transfer-Encoding: chunked\r\n\r\n" + body);
}
std::string status_line(const std::string& line) { return line + "\r\nContent-Length: 0\r\n\r\n"; }

void expect_verdicts(std::span<const Case> cases) {
  for (const Case& given : cases) {
    SCOPED_TRACE(given.name);
    const auto splits = splits_of(given.bytes.size());
    const Outcome whole = take_response(given.bytes, splits[0]);
    EXPECT_EQ(whole.status, given.status) << whole.detail;
    if (given.status == 0) {
      EXPECT_EQ(whole.content, given.content);
      EXPECT_EQ(whole.whole, given.whole);
    }
    for (const Arrivals& arrivals : splits) EXPECT_EQ(take_response(given.bytes, arrivals), whole);
  }
}

const Case kRefused[] = {
    {"NoStatusLine", "<html>hello</html>", 502},
    {"Icecast", "ICY 200 OK\r\n\r\n", 502},
    {"TlsAlert", "\x15\x03\x01\x00\x02\x02\x46"s, 502},
    {"LeadingEmptyLine", "\r\n" + ok("Content-Length: 0\r\n\r\n"), 502},
    {"Version09", status_line("HTTP/0.9 200 OK"), 502},
    {"Version20", status_line("HTTP/2.0 200 OK"), 502},
    {"VersionInLowerCase", status_line("http/1.1 200 OK"), 502},
    {"TwoSpaces", status_line("HTTP/1.1  200 OK"), 502},
    {"StatusOfTwoDigits", status_line("HTTP/1.1 20 OK"), 502},
    {"StatusOfFourDigits", status_line("HTTP/1.1 2000 OK"), 502},
    {"StatusOfLetters", status_line("HTTP/1.1 abc OK"), 502},
    {"Status000", status_line("HTTP/1.1 000 X"), 502},
    {"Status099", status_line("HTTP/1.1 099 X"), 502},
    {"Status999", status_line("HTTP/1.1 999 X"), 502},
    {"NulInReason", status_line("HTTP/1.1 200 O\0K"s), 502},
    {"EscapeInReason", status_line("HTTP/1.1 200 \x1b[2J"), 502},
    {"LongReason", status_line("HTTP/1.1 200 " + std::string(70000, 'r')), 502},
    {"BareLf", "HTTP/1.1 200 OK\nContent-Length: 0\n\n", 502},
    {"SpaceInsideAName", ok("X A: 1\r\n\r\n"), 502},
    {"SpaceAndNoColon", ok("X-A \r\n\r\n"), 502},
    {"SpaceBeforeAName", ok(" X-A: 1\r\n\r\n"), 502},
    {"SpacedLengthTwice", ok("Content-Length : 5\r\nContent-Length: 6\r\n\r\nhello"), 502},
    {"Fold", ok("X-A: 1\r\n 2\r\n\r\n"), 502},
    {"NulInValue", ok("X-A: a\0b\r\n\r\n"s), 502},
    {"CrInValue", ok("X-A: a\rSet-Cookie: x=y\r\n\r\n"), 502},
    {"EmptyName", ok(": x\r\n\r\n"), 502},
    {"NoColon", ok("X-A\r\n\r\n"), 502},
    {"HeadInTheHead", ok("Content-Length: 0\r\n" + ok("\r\n")), 502},
    {"ManyFields", ok([] {
       std::string lines;
       for (int i = 0; i < 200; ++i) lines += "X: 1\r\n";
       return lines + "\r\n";
     }()),
     502},
    {"LengthAndCoding", ok("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
     502},
    {"LengthTwice", ok("Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"), 502},
    {"LengthAsList", ok("Content-Length: 5, 6\r\n\r\nhello"), 502},
    {"LengthWithPlus", ok("Content-Length: +5\r\n\r\nhello"), 502},
    {"LengthWithTail", ok("Content-Length: 5x\r\n\r\nhello"), 502},
    {"LengthOverInt64", ok("Content-Length: 9223372036854775808\r\n\r\nhello"), 502},
    {"CodingUnknown", ok("Transfer-Encoding: cow\r\n\r\nhello"), 502},
    {"CodingEmpty", ok("Transfer-Encoding:\r\nContent-Length: 5\r\n\r\nhello"), 502},
    {"CodingBehindComma", ok("Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n"), 502},
    {"CodingTwice", ok("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
     502},
    {"CodingIn10", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 502},
    {"SizeInCStyle", chunked("0x5\r\nhello\r\n0\r\n\r\n"), 502},
    {"SizeEndsInLf", chunked("5\nhello\n0\n\n"), 502},
    {"DataTooLong", chunked("3\r\nhello\r\n0\r\n\r\n"), 502},
    {"TrailersMany", chunked([] {
       std::string body = "5\r\nhello\r\n0\r\n";
       for (int i = 0; i < 200; ++i) body += "X: 1\r\n";
       return body + "\r\n";
     }()),
     502},
};

const Case kForwarded[] = {
    {"Length", ok("Content-Length: 5\r\n\r\nhello"), 0, "hello"},
    {"LengthWithZeros", ok("Content-Length: 005\r\n\r\nhello"), 0, "hello"},
    {"Chunks", chunked("5;x\r\nhello\r\n4\r\n you\r\n0\r\n\r\n"), 0, "hello you"},
    {"UntilClose", ok("Connection: close\r\n\r\nhello"), 0, "hello"},
    {"Http10", "HTTP/1.0 200 OK\r\n\r\nhello", 0, "hello"},
    {"NoReason", "HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello", 0, "hello"},
    {"NoReasonNorSpace", "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello", 0, "hello"},
    {"ObsTextInReason", "HTTP/1.1 200 D\xe9j\xe0\r\nContent-Length: 5\r\n\r\nhello", 0, "hello"},
    {"NoContentWithLength", "HTTP/1.1 204 X\r\nContent-Length: 5\r\n\r\nhello", 0, ""},
    {"NoContentWithCoding", "HTTP/1.1 204 X\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0, ""},
    {"NoContentWithOddCoding", "HTTP/1.1 204 X\r\nTransfer-Encoding: cow\r\n\r\n", 0, ""},
    {"SpaceBeforeColon", ok("X-A : 1\r\nContent-Length: 5\r\n\r\nhello"), 0, "hello"},
    {"SpaceAfterLength", ok("Content-Length \t: 5\r\n\r\nhello"), 0, "hello"},
    {"SpaceAfterCoding", ok("Transfer-Encoding : chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), 0,
     "hello"},
    {"SpaceInATrailer", chunked("5\r\nhello\r\n0\r\nX-A : 1\r\n\r\n"), 0, "hello"},
    {"NotModifiedWithLength", "HTTP/1.1 304 X\r\nContent-Length: 5\r\n\r\nhello", 0, ""},
    {"SurplusStaysBehind", chunked("5\r\nhello\r\n0\r\n\r\nHTTP/1.1 200 OK"), 0, "hello"},
    {"ShorterThanItsLength", ok("Content-Length: 10\r\n\r\nhello"), 0, "hello", false},
    {"CutInAChunk", chunked("10\r\nhel"), 0, "hel", false},
    {"CutBeforeTheLastChunk", chunked("5\r\nhello\r\n"), 0, "hello", false},
    {"CutInTheTrailers", chunked("5\r\nhello\r\n0\r\n"), 0, "hello", false},
};

TEST(HostileResponse, IsABadGateway) { expect_verdicts(kRefused); }
TEST(HostileResponse, IsToldFromOddButLegalOnes) { expect_verdicts(kForwarded); }

}  // namespace
}  // namespace http::testing
