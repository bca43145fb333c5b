#include "http/head_lint.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/http/splits.h"

namespace http {
namespace {

using namespace std::string_literals;
using Section = HeadLint::Section;

// Where the lint stops when the octets arrive as given: "end@51", "fault@17", "more@10".
std::string run(Section section, const std::string& bytes, const testing::Arrivals& arrivals) {
  HeadLint lint(section);
  size_t at = 0;
  for (const size_t known : arrivals) {
    while (at < known) {
      const HeadLint::Step step = lint.advance(std::string_view(bytes).substr(at, known - at));
      at += step.consumed;
      if (step.event == HeadLint::Event::kEnd) return "end@" + std::to_string(at);
      if (step.event == HeadLint::Event::kFault) return "fault@" + std::to_string(at);
    }
  }
  return "more@" + std::to_string(at);
}

struct Row {
  Section section;
  std::string bytes;
  std::string result;
};

TEST(HeadLint, StopsAtTheFirstOctetThatCannotStandThere) {
  const Row rows[] = {
      {Section::kRequest, "GET / HTTP/1.1\r\nA: b\r\n\r\nrest", "end@24"},
      {Section::kRequest, "\r\n\r\nGET / HTTP/1.1\r\n\r\n", "end@22"},
      {Section::kRequest, "GET / HTTP/1.1\r\nA: b\r\n", "more@22"},
      {Section::kRequest, "GET  / HTTP/1.1\r\n", "fault@4"},
      {Section::kRequest, "GET /\r\n", "fault@5"},
      {Section::kRequest, "GET /\x80 HTTP/1.1\r\n", "fault@5"},
      {Section::kRequest, "GET / HTTP/1.1 \r\n", "fault@14"},
      {Section::kRequest, "GET / HTTP/1.1\n", "fault@14"},
      {Section::kRequest, "GET / HTTP/1.1\r\r\n", "fault@15"},
      {Section::kRequest, "\n", "fault@0"},
      {Section::kRequest, "\rG", "fault@1"},
      {Section::kRequest, "GET / HTTP/1.1\r\n A: b", "fault@16"},
      {Section::kRequest, "GET / HTTP/1.1\r\nA : b", "fault@17"},
      {Section::kRequest, "GET / HTTP/1.1\r\nA: \x7f", "fault@19"},
      {Section::kRequest, "GET / HTTP/1.1\r\nA: b\r\n\rX", "fault@23"},
      {Section::kResponse, "HTTP/1.1 200 Fine\tOK\xe9\r\n\r\n", "end@25"},
      {Section::kResponse, "HTTP/1.1 200\r\n\r\n", "end@16"},
      {Section::kResponse, "HTTQ", "fault@3"},
      {Section::kResponse, "\r\nHTTP/1.1 200 OK", "fault@0"},
      {Section::kResponse, "HTTP/1.1 20 OK", "fault@11"},
      {Section::kResponse, "HTTP/1.1 2000", "fault@12"},
      {Section::kResponse, "HTTP/1.1 200 \0"s, "fault@13"},
      {Section::kResponse, "HTTP/1.1 200 X\r\nA \t: b\r\n\r\n", "end@26"},
      {Section::kResponse, "HTTP/1.1 200 X\r\nA b: c", "fault@18"},
      {Section::kResponse, "HTTP/1.1 200 X\r\nA \r\n", "fault@18"},
      {Section::kResponse, "HTTP/1.1 200 X\r\n A: b", "fault@16"},
      {Section::kResponse, "HTTP/1.1 200 X\r\n : b", "fault@16"},
      {Section::kResponseTrailers, "A : b\r\n\r\n", "end@9"},
      {Section::kTrailers, "A : b\r\n\r\n", "fault@1"},
      {Section::kTrailers, "\r\n", "end@2"},
      {Section::kTrailers, "A: b\r\n\r\n", "end@8"},
      {Section::kTrailers, ": b", "fault@0"},
  };
  for (const Row& row : rows) {
    for (const auto& arrivals : testing::splits_of(row.bytes.size())) {
      EXPECT_EQ(run(row.section, row.bytes, arrivals), row.result) << row.bytes;
    }
  }
}

TEST(HeadLint, NamesTheFault) {
  HeadLint lint(Section::kRequest);
  const std::string_view bytes = "GET / HTTP/1.1\r\nName value";
  const HeadLint::Step line = lint.advance(bytes);
  ASSERT_EQ(line.event, HeadLint::Event::kLine);
  ASSERT_EQ(lint.advance(bytes.substr(line.consumed)).event, HeadLint::Event::kFault);
  EXPECT_EQ(lint.fault(' '), "an octet that no field name may have (RFC 9110 §5.1)");
  EXPECT_EQ(lint.fault('\n'), "an LF without CR (RFC 9112 §2.2)");
  EXPECT_EQ(lint.fault('\r'), "a field line without colon (RFC 9112 §5)");
}

}  // namespace
}  // namespace http
