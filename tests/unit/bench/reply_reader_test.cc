#include "bench/load/reply_reader.h"

#include <gtest/gtest.h>

#include "bench/load/pattern.h"

namespace load {
namespace {

using State = ReplyReader::State;

std::string reply(std::uint64_t length, const std::string& fields = "") {
  return "HTTP/1.1 200 OK\r\nserver: x\r\n" + fields + "content-length: " + std::to_string(length) +
         "\r\n\r\n" + std::string(pattern_at(0, length));
}

State read_whole(ReplyReader& reader, std::string_view octets) { return reader.take(octets); }

State read_bytewise(ReplyReader& reader, std::string_view octets) {
  State state = State::kMore;
  for (const char& octet : octets) {
    state = reader.take({&octet, 1});
    if (state != State::kMore) return &octet == &octets.back() ? state : State::kWrong;
  }
  return state;
}

TEST(ReplyReader, TakesAResponseWholeAndByteByByte) {
  for (auto* read : {read_whole, read_bytewise}) {
    ReplyReader reader;
    reader.expect(ReplyReader::Body::kPattern, 1000);
    EXPECT_EQ(read(reader, reply(1000)), State::kDone) << reader.fault();
    reader.expect(ReplyReader::Body::kPattern, 0);
    EXPECT_EQ(read(reader, reply(0)), State::kDone);
  }
}

TEST(ReplyReader, TakesTheHeadAloneAfterConnect) {
  ReplyReader reader;
  reader.expect(ReplyReader::Body::kNone, 0);
  EXPECT_EQ(reader.take("HTTP/1.1 200 Connection established\r\n"), State::kMore);
  EXPECT_EQ(reader.take("\r\n"), State::kDone);
}

TEST(ReplyReader, FindsWhatIsWrong) {
  std::string foreign = reply(100);
  foreign.back() = static_cast<char>(foreign.back() + 1);
  std::string swapped = reply(100);
  std::swap(swapped[swapped.size() - 1], swapped[swapped.size() - 2]);
  const std::pair<std::string, const char*> cases[] = {
      {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "no status line"},
      {"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 100\r\n\r\n", "status not 2xx"},
      {"HTTP/1.1 200 OK\r\n\r\n", "no Content-Length"},
      {reply(99), "wrong Content-Length"},
      {foreign, "wrong octets in the body"},
      {swapped, "wrong octets in the body"},
      {reply(100) + "x", "octets behind the response"},
  };
  for (const auto& [octets, fault] : cases) {
    ReplyReader reader;
    reader.expect(ReplyReader::Body::kPattern, 100);
    EXPECT_EQ(reader.take(octets), State::kWrong) << fault;
    EXPECT_STREQ(reader.fault(), fault);
  }
}

TEST(ReplyReader, WaitsForTheRestOfABodyThatIsShort) {
  ReplyReader reader;
  reader.expect(ReplyReader::Body::kPattern, 100);
  const std::string whole = reply(100);
  EXPECT_EQ(reader.take(std::string_view(whole).substr(0, whole.size() - 1)), State::kMore);
}

TEST(ReplyReader, SeesWhetherTheConnectionPersists) {
  const std::pair<std::string, bool> cases[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false},
      {"HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n", true},
      {"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", true},
      {"HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n", false},
  };
  for (const auto& [octets, closes] : cases) {
    ReplyReader reader;
    reader.expect(ReplyReader::Body::kPattern, 0);
    ASSERT_EQ(reader.take(octets), State::kDone) << octets;
    EXPECT_EQ(reader.closes(), closes) << octets;
  }
}

TEST(Pattern, FindsALostADoubledAndAForeignOctet) {
  const std::string octets(pattern_at(70'000, 300));
  EXPECT_TRUE(matches_pattern(70'000, octets));
  EXPECT_FALSE(matches_pattern(70'001, octets));
  EXPECT_FALSE(matches_pattern(70'000, octets.substr(1)));
  EXPECT_FALSE(matches_pattern(70'000, octets.substr(0, 1) + octets));
}

}  // namespace
}  // namespace load
