#include "http/head_scanner.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/http/splits.h"

namespace http {
namespace {

using base::ErrorCode;

constexpr Limits kSmall{.start_line_bytes = 20, .head_bytes = 60, .field_bytes = 30, .fields = 3};

// The head's size, or the error's token, when the octets arrive as given.
std::string scan(MessageKind kind, const Limits& limits, const std::string& bytes,
                 const testing::Arrivals& arrivals) {
  HeadScanner scanner(kind, limits);
  for (const size_t known : arrivals) {
    const auto size = scanner.scan(std::string_view(bytes).substr(0, known));
    if (!size) return std::string(base::token_of(size.error().code));
    if (*size) return std::to_string(**size) + "-" + std::to_string(scanner.skipped());
  }
  return "incomplete";
}

struct Row {
  std::string bytes;
  std::string result;
};

void expect_rows(MessageKind kind, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    for (const auto& arrivals : testing::splits_of(row.bytes.size())) {
      EXPECT_EQ(scan(kind, kSmall, row.bytes, arrivals), row.result) << row.bytes;
    }
  }
}

TEST(HeadScanner, FindsTheEndOfARequestHead) {
  expect_rows(MessageKind::kRequest, {{"GET / HTTP/1.1\r\n\r\n", "18-0"},
                                      {"GET / HTTP/1.1\r\nA: b\r\n\r\nbody", "24-0"},
                                      {"\r\n\r\nGET / HTTP/1.1\r\n\r\n", "22-4"},
                                      {"GET / HTTP/1.1\r\nA: b\r\n\r", "incomplete"},
                                      {"", "incomplete"}});
}

TEST(HeadScanner, HoldsTheLimitsOfARequestHead) {
  const std::string line = "GET / HTTP/1.1\r\n";
  expect_rows(MessageKind::kRequest,
              {{"GET /345678 HTTP/1.1\r\n\r\n", "24-0"},
               {"GET /3456789 HTTP/1.1\r\n\r\n", "uri_too_long"},
               {"GETGETGETGETGETGETGETGETGET", "method_unsupported"},
               {line + "A: 345678901234567890123456789\r\n\r\n", "50-0"},
               {line + "A: 3456789012345678901234567890\r\n\r\n", "head_too_large"},
               {line + "A: 1\r\nB: 2\r\nC: 3\r\n\r\n", "36-0"},
               {line + "A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n", "head_too_large"},
               {line + "A: 34567890123456789\r\nB: 345678901234567\r\n\r\n", "60-0"},
               {line + "A: 34567890123456789\r\nB: 3456789012345678\r\n\r\n", "head_too_large"},
               {"\r\n\r\n\r\n\r\n" + line + "\r\n", "26-8"},
               {"\r\n\r\n\r\n\r\n\r\n" + line + "\r\n", "bad_request"}});
}

TEST(HeadScanner, BlamesTheOriginForAResponseHead) {
  expect_rows(MessageKind::kResponse, {{"HTTP/1.1 200 OK\r\n\r\n", "19-0"},
                                       {"HTTP/1.1 200 Everything\r\n\r\n", "bad_response"},
                                       {"\r\nHTTP/1.1 200 OK\r\n\r\n", "bad_response"}});
  HeadScanner scanner(MessageKind::kResponse, kSmall);
  EXPECT_EQ(scanner.scan("220 smtp").error().party, base::Party::kOrigin);
}

TEST(HeadScanner, RefusesGarbageWithoutWaiting) {
  for (const std::string bytes : {"\x16\x03", "GET\x01", "GET / HTTP/1.1\r\n:"}) {
    HeadScanner scanner(MessageKind::kRequest, Limits{});
    const auto size = scanner.scan(bytes);
    ASSERT_FALSE(size) << bytes;
    EXPECT_EQ(size.error().code, ErrorCode::kBadRequest);
    EXPECT_EQ(size.error().party, base::Party::kClient);
  }
}

TEST(HeadScanner, RepeatsItsResultAndStartsAnewAfterReset) {
  HeadScanner scanner(MessageKind::kRequest, Limits{});
  const std::string head = "GET / HTTP/1.1\r\nA: b\r\n\r\n";
  EXPECT_EQ(*scanner.scan(head), head.size());
  EXPECT_EQ(*scanner.scan(head + "GET"), head.size());
  EXPECT_EQ(scanner.field_lines(), 1U);
  scanner.reset();
  EXPECT_EQ(*scanner.scan("GET"), std::nullopt);
}

TEST(HeadScanner, SaysWhereTheFaultIs) {
  HeadScanner scanner(MessageKind::kRequest, Limits{});
  EXPECT_EQ(
      scanner.scan("GET / HTTP/1.1\nHost").error().detail,
      "the request head has an LF without CR (RFC 9112 §2.2) at octet 14; the client must send "
      "HTTP/1.1 as its specification writes it");
}

}  // namespace
}  // namespace http
