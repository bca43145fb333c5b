// Requests that somebody may read differently, or that cost more than they should: each is refused
// with the status named, however it arrives. The controls at the end are legal and get through.
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
};

std::string get(const std::string& lines) {
  return "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n" + lines;
}
std::string post(const std::string& lines) {
  return "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\n" + lines;
}
std::string line(const std::string& request_line) {
  return request_line + "\r\nHost: a.test\r\n\r\n";
}
std::string chunked(const std::string& body) {
  return post("Transfer-Encoding: chunked\r\n\r\n" + body);
}

void expect_verdicts(std::span<const Case> cases) {
  for (const Case& given : cases) {
    SCOPED_TRACE(given.name);
    const auto splits = splits_of(given.bytes.size());
    const Outcome whole = take_request(given.bytes, splits[0]);
    EXPECT_EQ(whole.status, given.status) << whole.detail;
    for (const Arrivals& arrivals : splits) EXPECT_EQ(take_request(given.bytes, arrivals), whole);
  }
}

const Case kLines[] = {
    {"BareLf", "GET http://a.test/ HTTP/1.1\nHost: a.test\r\n\r\n", 400},
    {"BareCr", "GET http://a.test/ HTTP/1.1\rHost: a.test\r\n\r\n", 400},
    {"LfAtTheEnd", "GET http://a.test/ HTTP/1.1\r\nHost: a.test\n\n", 400},
    {"CrInTarget", line("GET http://a.test/x\ry HTTP/1.1"), 400},
    {"NulInTarget", line("GET http://a.test/x\0y HTTP/1.1"s), 400},
    {"EscapeInTarget", line("GET http://a.test/\x1b[2J HTTP/1.1"), 400},
    {"DelInTarget", line("GET http://a.test/\x7f HTTP/1.1"), 400},
    {"RawUtf8InTarget", line("GET http://a.test/\xc3\xa9 HTTP/1.1"), 400},
    {"SpaceInTarget", line("GET http://a.test/x y HTTP/1.1"), 400},
    {"TwoSpaces", line("GET  http://a.test/ HTTP/1.1"), 400},
    {"TabsForSpaces", line("GET\thttp://a.test/\tHTTP/1.1"), 400},
    {"LeadingSpace", line(" GET http://a.test/ HTTP/1.1"), 400},
    {"TrailingSpace", line("GET http://a.test/ HTTP/1.1 "), 400},
    {"NoTarget", line("GET  HTTP/1.1"), 400},
    {"NoVersion", line("GET http://a.test/"), 400},
    {"Version09", line("GET http://a.test/ HTTP/0.9"), 505},
    {"Version12", line("GET http://a.test/ HTTP/1.2"), 505},
    {"Version20", line("GET http://a.test/ HTTP/2.0"), 505},
    {"VersionWithoutMinor", line("GET http://a.test/ HTTP/1"), 400},
    {"VersionWithTwoDigits", line("GET http://a.test/ HTTP/1.10"), 400},
    {"VersionWithZero", line("GET http://a.test/ HTTP/01.1"), 400},
    {"VersionInLowerCase", line("GET http://a.test/ http/1.1"), 400},
    {"OtherProtocol", line("GET http://a.test/ ICE/1.0"), 400},
    {"Http2Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
    {"MethodPri", line("PRI * HTTP/1.1"), 501},
    {"MethodPriInHttp11", line("PRI http://a.test/ HTTP/1.1"), 501},
    {"MethodAsterisk", line("* http://a.test/ HTTP/1.1"), 501},
    {"MethodPostInLowerCase", line("post http://a.test/ HTTP/1.1"), 501},
    {"MethodGetInMixedCase", line("Get http://a.test/ HTTP/1.1"), 501},
    {"MethodOf65Octets", line(std::string(65, 'M') + " http://a.test/ HTTP/1.1"), 501},
    {"MethodConnectInLowerCase", line("connect a.test:443 HTTP/1.1"), 501},
    {"MethodOf9000Octets", line(std::string(9000, 'M') + " http://a.test/ HTTP/1.1"), 501},
    {"MethodWithoutEnd", std::string(70000, 'M'), 501},
    {"MethodNoToken", line("G(T http://a.test/ HTTP/1.1"), 400},
    {"MethodWithNul", line("GE\0T http://a.test/ HTTP/1.1"s), 400},
    {"MethodBehindBom", line("\xef\xbb\xbfGET http://a.test/ HTTP/1.1"), 400},
    {"TlsHello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc"s, 400},
    {"Socks5", "\x05\x01\x00"s, 400},
    {"Smtp", "EHLO client\r\n", 400},
    {"ProxyProtocol", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n" + get("\r\n"), 400},
    {"AResponse", "HTTP/1.1 200 OK\r\n\r\n", 400},
    {"ManyEmptyLines", "\r\n\r\n\r\n\r\n\r\n" + get("\r\n"), 400},
    {"TargetOf70000Octets", line("GET http://a.test/" + std::string(70000, 'p') + " HTTP/1.1"),
     414},
};

const Case kFields[] = {
    {"SpaceBeforeColon", get("X-A : 1\r\n\r\n"), 400},
    {"TabBeforeColon", get("X-A\t: 1\r\n\r\n"), 400},
    {"EmptyName", get(": 1\r\n\r\n"), 400},
    {"SpaceInName", get("X A: 1\r\n\r\n"), 400},
    {"QuotedName", get("\"X\": 1\r\n\r\n"), 400},
    {"RawUtf8InName", get("X\xc3\xa9: 1\r\n\r\n"), 400},
    {"NoColon", get("X-A\r\n\r\n"), 400},
    {"NulInValue", get("X-A: a\0b\r\n\r\n"s), 400},
    {"EscapeInValue", get("X-A: \x1b[31m\r\n\r\n"), 400},
    {"CrInValue", get("X-A: a\rX-B: b\r\n\r\n"), 400},
    {"CrEndsEmptyValue", get("X-A:\r\rX-B: 1\r\n\r\n"), 400},
    {"LfInValue", get("X-A: a\nTransfer-Encoding: chunked\r\n\r\n"), 400},
    {"CrCrLf", get("X-A: 1\r\r\n\r\n"), 400},
    {"FoldWithSpace", get("X-A: 1\r\n 2\r\n\r\n"), 400},
    {"FoldHidesCoding", get("X-A: 1\r\n\tTransfer-Encoding: chunked\r\n\r\n"), 400},
    {"FoldBeforeFirstField", "GET http://a.test/ HTTP/1.1\r\n Host: a.test\r\n\r\n", 400},
    {"CrWithoutLfAtTheEnd", get("\rX"), 400},
    {"LargeField", get("X-A: " + std::string(40000, 'v') + "\r\n\r\n"), 431},
    {"LongName", get(std::string(70000, 'X') + ": 1\r\n\r\n"), 431},
    {"LargeHead",
     get("X-A: " + std::string(30000, 'a') + "\r\nX-B: " + std::string(30000, 'b') +
         "\r\nX-C: " + std::string(30000, 'c') + "\r\n\r\n"),
     431},
    {"ManyFields", get([] {
       std::string lines;
       for (int i = 0; i < 200; ++i) lines += "X: 1\r\n";
       return lines + "\r\n";
     }()),
     431},
    {"NoHost", "GET http://a.test/ HTTP/1.1\r\n\r\n", 400},
    {"TwoHosts", get("Host: a.test\r\n\r\n"), 400},
    {"HostWithUserinfo", "GET http://a.test/ HTTP/1.1\r\nHost: u@a.test\r\n\r\n", 400},
    {"HostWithComma", "GET http://a.test/ HTTP/1.1\r\nHost: a.test, b.test\r\n\r\n", 400},
    {"OddExpectation", post("Content-Length: 1\r\nExpect: 200-ok\r\n\r\nx"), 417},
};

const Case kFraming[] = {
    {"LengthWithPlus", post("Content-Length: +5\r\n\r\nhello"), 400},
    {"LengthNegative", post("Content-Length: -5\r\n\r\nhello"), 400},
    {"LengthInHex", post("Content-Length: 0x5\r\n\r\nhello"), 400},
    {"LengthFractional", post("Content-Length: 5.0\r\n\r\nhello"), 400},
    {"LengthWithUnderscore", post("Content-Length: 1_0\r\n\r\n0123456789"), 400},
    {"LengthWithSpace", post("Content-Length: 5 5\r\n\r\nhello"), 400},
    {"LengthAsList", post("Content-Length: 5, 5\r\n\r\nhello"), 400},
    {"LengthOverflows", post("Content-Length: 18446744073709551621\r\n\r\nhello"), 400},
    {"LengthOverInt64", post("Content-Length: 9223372036854775808\r\n\r\nhello"), 400},
    {"LengthEmpty", post("Content-Length:\r\n\r\n"), 400},
    {"LengthTwice", post("Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"), 400},
    {"LengthAndCoding", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
     400},
    {"CodingAndLength", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
     400},
    {"LengthAndEmptyCoding", post("Content-Length: 5\r\nTransfer-Encoding:\r\n\r\nhello"), 400},
    {"CodingIdentity", post("Transfer-Encoding: identity\r\n\r\n"), 400},
    {"CodingUnknown", post("Transfer-Encoding: cow\r\n\r\n"), 400},
    {"CodingBeforeChunked", post("Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 501},
    {"CodingBehindChunked", post("Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"), 400},
    {"CodingTwice", post("Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"), 400},
    {"CodingInTwoFields",
     post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400},
    {"CodingBehindComma", post("Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n"), 400},
    {"CodingWithParameter", post("Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n"), 400},
    {"CodingBehindVt", post("Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n"), 400},
    {"CodingBehindNbsp", post("Transfer-Encoding: \xa0"s + "chunked\r\n\r\n0\r\n\r\n"), 400},
    {"CodingIn10", "POST http://a.test/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     400},
    {"ConnectWithLength",
     "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\nabc", 400},
    {"ConnectWithCoding",
     "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     400},
};

const Case kChunks[] = {
    {"SizeInCStyle", chunked("0x5\r\nhello\r\n0\r\n\r\n"), 400},
    {"SizeWithSign", chunked("+5\r\nhello\r\n0\r\n\r\n"), 400},
    {"SizeNoNumber", chunked("five\r\nhello\r\n0\r\n\r\n"), 400},
    {"SizeBeforeSpace", chunked("5 \r\nhello\r\n0\r\n\r\n"), 400},
    {"SizeBeforeTab", chunked("5\t\r\nhello\r\n0\r\n\r\n"), 400},
    {"SizeBehindSpace", chunked(" 5\r\nhello\r\n0\r\n\r\n"), 400},
    {"SizeWraps", chunked("10000000000000005\r\nhello\r\n0\r\n\r\n"), 400},
    {"SizeNegativeAsInt64", chunked("ffffffffffffffff\r\nhello\r\n0\r\n\r\n"), 400},
    {"SizeWithManyZeros", chunked(std::string(5000, '0') + "5\r\nhello\r\n0\r\n\r\n"), 400},
    {"SizeEndsInLf", chunked("5\nhello\r\n0\r\n\r\n"), 400},
    {"SizeEndsInCr", chunked("5\rhello\r\n0\r\n\r\n"), 400},
    {"DataTooLong", chunked("3\r\nhello\r\n0\r\n\r\n"), 400},
    {"DataEndsInLf", chunked("5\r\nhello\n0\r\n\r\n"), 400},
    {"DataWithoutEnd", chunked("5\r\nhello0\r\n\r\n"), 400},
    {"LastEndsInLf", chunked("5\r\nhello\r\n0\n\n"), 400},
    {"ExtensionWithLf", chunked("5;a\nb\r\nhello\r\n0\r\n\r\n"), 400},
    {"ExtensionWithCr", chunked("5;a\rb\r\nhello\r\n0\r\n\r\n"), 400},
    {"ExtensionWithNul", chunked("5;a=\0\r\nhello\r\n0\r\n\r\n"s), 400},
    {"ExtensionWithoutSemicolon", chunked("5 a=b\r\nhello\r\n0\r\n\r\n"), 400},
    {"ExtensionLong", chunked("5;" + std::string(300, 'x') + "\r\nhello\r\n0\r\n\r\n"), 400},
    {"ExtensionsManyAndLong", chunked([] {
       std::string body;
       for (int i = 0; i < 200; ++i) body += "1;" + std::string(200, 'x') + "\r\na\r\n";
       return body + "0\r\n\r\n";
     }()),
     400},
    {"TrailerFolded", chunked("0\r\nX: 1\r\n 2\r\n\r\n"), 400},
    {"TrailerWithoutName", chunked("0\r\n: 1\r\n\r\n"), 400},
    {"TrailerLarge", chunked("0\r\nX: " + std::string(40000, 'x') + "\r\n\r\n"), 431},
    {"TrailersMany", chunked([] {
       std::string body = "0\r\n";
       for (int i = 0; i < 200; ++i) body += "X: 1\r\n";
       return body + "\r\n";
     }()),
     431},
};

const Case kControls[] = {
    {"Get", get("\r\n"), 0},
    {"LeadingEmptyLine", "\r\n" + get("\r\n"), 0},
    {"EmptyValue", get("X-Empty:\r\n\r\n"), 0},
    {"ObsTextInValue", get("X-A: caf\xe9\r\n\r\n"), 0},
    {"TargetOf8000Octets", line("GET http://a.test/" + std::string(8000, 'p') + " HTTP/1.1"), 0},
    {"Http10WithoutHost", "GET http://a.test/ HTTP/1.0\r\n\r\n", 0},
    {"UnderscoreIsNoFraming", get("Transfer_Encoding: chunked\r\nContent_Length: 5\r\n\r\n"), 0},
    {"BodyThatLooksLikeARequest", post("Content-Length: 18\r\n\r\nGET / HTTP/1.1\r\n\r\n"), 0},
    {"GetWithBody", get("Content-Length: 5\r\n\r\nhello"), 0},
    {"ChunkedInUpperCase", post("Transfer-Encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), 0},
    {"Extensions", chunked("5;a=b;c=\"d e\"\r\nhello\r\n000;z\r\n\r\n"), 0},
    {"SpaceBeforeExtension", chunked("5 ;a\r\nhello\r\n0\r\n\r\n"), 0},
    {"Trailers", chunked("5\r\nhello\r\n0\r\nX-T: 1\r\nHost: b.test\r\n\r\n"), 0},
    {"OtherHost", "GET http://a.test/ HTTP/1.1\r\nHost: b.test\r\n\r\n", 0},
    {"EmptyHost", "GET http://a.test/ HTTP/1.1\r\nHost:\r\n\r\n", 0},
    {"MethodOfWebDav", "VERSION-CONTROL http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n", 0},
    {"MethodOf64Octets", std::string(64, 'M') + " http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n",
     0},
    {"ConnectWithOtherHost", "CONNECT a.test:443 HTTP/1.1\r\nHost: b.test\r\n\r\n", 0},
    {"ConnectWithLengthZero",
     "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n\x16\x03", 0},
};

TEST(HostileRequest, IsRefusedForItsStartLine) { expect_verdicts(kLines); }
TEST(HostileRequest, IsRefusedForItsFields) { expect_verdicts(kFields); }
TEST(HostileRequest, IsRefusedForItsFraming) { expect_verdicts(kFraming); }
TEST(HostileRequest, IsRefusedForItsChunks) { expect_verdicts(kChunks); }
TEST(HostileRequest, IsToldFromOddButLegalOnes) { expect_verdicts(kControls); }

}  // namespace
}  // namespace http::testing
