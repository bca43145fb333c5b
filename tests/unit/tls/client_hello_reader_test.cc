#include "tls/client_hello_reader.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <random>

#include "tests/unit/tls/hellos.h"

namespace {

using tls::ClientHelloReader;
using tls_test::alpn_extension;
using tls_test::hello;
using tls_test::hello_body;
using tls_test::hello_message;
using tls_test::in_records;
using tls_test::octets_of;
using tls_test::openssl_hello;
using tls_test::server_name_extension;
using tls_test::vector_of;
using State = ClientHelloReader::State;

// What a reader says in the end, in a form to compare: the state, then the hello or the error; and
// how many octets it took to say so.
struct Answer {
  std::string text;
  std::size_t octets = 0;
};

std::string text_of(const base::Result<State>& state, const ClientHelloReader& reader) {
  if (!state) return "error: " + state.error().detail;
  if (*state == State::kNotTls) return "not TLS";
  if (*state == State::kNeedsMore) return "more";
  const tls::ClientHello& hello = reader.hello();
  std::string text = hello.server_name + "|";
  for (const std::string& protocol : hello.alpn) text += protocol + ",";
  return text + "|" + std::to_string(hello.version) + (hello.has_ech ? "|ech" : "");
}

Answer read_in_pieces(std::string_view octets, std::size_t size) {
  ClientHelloReader reader;
  base::Result<State> state = State::kNeedsMore;
  std::size_t used = 0;
  while (used < octets.size() && state && *state == State::kNeedsMore) {
    const std::string_view piece = octets.substr(used, size);
    state = reader.feed(piece);
    used += piece.size();
  }
  return {text_of(state, reader), used};
}

std::string read_whole(std::string_view octets) {
  return read_in_pieces(octets, octets.size()).text;
}

// Whole and octet by octet, which must agree.
Answer read(std::string_view octets) {
  Answer drip = read_in_pieces(octets, 1);
  EXPECT_EQ(read_whole(octets), drip.text);
  return drip;
}

struct Shape {
  const char* name;
  tls_test::HelloOptions options;
  const char* expected;
};

const Shape kShapes[] = {
    {"curl",
     {.server_name = "good.test", .alpn = {"h2", "http/1.1"}},
     "good.test|h2,http/1.1,|772"},
    {"openssl", {.server_name = "good.test"}, "good.test||772"},
    {"by address", {}, "||772"},
    {"TLS 1.2", {.server_name = "good.test", .max_version = TLS1_2_VERSION}, "good.test||771"},
    {"TLS 1.3", {.server_name = "Good.Test", .min_version = TLS1_3_VERSION}, "good.test||772"},
};

TEST(ClientHelloReader, ReadsWhatOpensslSends) {
  for (const Shape& shape : kShapes) {
    const std::string octets = openssl_hello(shape.options);
    const Answer answer = read(octets);
    EXPECT_EQ(answer.text, shape.expected) << shape.name;
    EXPECT_EQ(answer.octets, octets.size()) << "said before, or after, its last octet";
  }
}

TEST(ClientHelloReader, ReadsHellosOverSeveralRecords) {
  // OpenSSL cuts a record every 16 KiB.
  const std::string octets = openssl_hello({.server_name = "good.test", .padding_protocols = 100});
  EXPECT_GT(octets.size(), 25'000U);
  EXPECT_EQ(read(octets).text.substr(0, 10), "good.test|");
  const std::string message = hello_message(hello_body({{0, server_name_extension("good.test")}}));
  for (std::size_t size = 1; size <= message.size(); ++size) {
    EXPECT_EQ(read(in_records(message, size)).text, "good.test||771") << size;
  }
}

TEST(ClientHelloReader, IgnoresWhatFollows) {
  const std::string octets = hello({{0, server_name_extension("good.test")}});
  EXPECT_EQ(read_whole(octets + "whatever"), "good.test||771");
  // In the same record.
  EXPECT_EQ(read_whole(in_records(hello_message(hello_body({})) + "more")), "||771");
  ClientHelloReader reader;
  EXPECT_EQ(*reader.feed(octets), State::kComplete);
  EXPECT_EQ(*reader.feed("more"), State::kComplete);
  EXPECT_EQ(reader.hello().server_name, "good.test");
}

TEST(ClientHelloReader, NeedsMoreOfEveryPrefix) {
  const std::string octets = openssl_hello({.server_name = "good.test"});
  for (std::size_t size = 0; size < octets.size(); ++size) {
    EXPECT_EQ(read_whole(octets.substr(0, size)), "more") << size;
  }
}

TEST(ClientHelloReader, KnowsAtOnceWhatIsNotTls) {
  const std::pair<std::string, std::size_t> cases[] = {
      {"GET / HTTP/1.1\r\n\r\n", 1},
      {"SSH-2.0-OpenSSH_9.2\r\n", 1},
      {std::string("\0\0\0\x08\x04\xd2\x16\x2f", 8), 1},             // PostgreSQL's SSLRequest
      {std::string("\x80\x2e\x01\x03\x01\0\x15\0\0\0\x10", 11), 1},  // SSL 2.0
      {"\x15\x03\x01", 1},                                           // an alert
      {"\x16\x02\x01", 2},
      {"\x16octets", 2},
  };
  for (const auto& [octets, after] : cases) {
    const Answer answer = read(octets);
    EXPECT_EQ(answer.text, "not TLS") << testing::PrintToString(octets);
    EXPECT_EQ(answer.octets, after) << testing::PrintToString(octets);
  }
}

TEST(ClientHelloReader, RefusesRecordsThatTlsForbids) {
  const std::string message = hello_message(hello_body({}));
  const std::string first = octets_of(0x160301, 3) + vector_of(message.substr(0, 10), 2);
  const std::pair<std::string, const char*> cases[] = {
      {octets_of(0x160301, 3) + vector_of("", 2), "empty"},
      {octets_of(0x1603014001, 5), "more than 16384 octets"},
      {first + octets_of(0x160301, 3) + vector_of("", 2), "empty"},
      {first + octets_of(0x140303, 3) + vector_of("\x01", 2), "interrupts"},
      {first + octets_of(0x150303, 3) + vector_of("\x02\x28", 2), "interrupts"},
      {in_records(octets_of(2, 1) + vector_of("server", 3)), "does not begin with a ClientHello"},
  };
  for (const auto& [octets, expected] : cases) {
    EXPECT_NE(read(octets).text.find(expected), std::string::npos) << read(octets).text;
  }
}

TEST(ClientHelloReader, RefusesAtTheHeaderWhatClaimsToBeTooLong) {
  EXPECT_EQ(read(in_records(octets_of(0x0100fffd, 4))).text,
            "error: the client's TLS handshake is refused: its ClientHello exceeds 64 KiB");
  EXPECT_EQ(read(in_records(octets_of(0x0100f000, 4))).text, "more");
}

TEST(ClientHelloReader, CountsRecordHeadersTowardsItsLimit) {
  // 6 octets for each of the message's.
  const auto in_crumbs = [](std::size_t padding) {
    return in_records(hello_message(hello_body({{21, std::string(padding, '\0')}})), 1);
  };
  EXPECT_EQ(read(in_crumbs(10'000)).text, "||771");
  const Answer answer = read(in_crumbs(12'000));
  EXPECT_NE(answer.text.find("exceeds 64 KiB"), std::string::npos) << answer.text;
  EXPECT_LE(answer.octets, ClientHelloReader::kMaxOctets + 1);
  EXPECT_EQ(read(hello({{21, std::string(60'000, '\0')}})).text, "||771");
}

// Two readers of one message must not see two names: whatever a client sends, either OpenSSL sees
// the name that we see, or one of the two refuses.
TEST(ClientHelloReader, NeverSeesAnotherNameThanOpenssl) {
  for (const Shape& shape : kShapes) {
    EXPECT_EQ(tls_test::openssl_reading(openssl_hello(shape.options)), shape.options.server_name);
  }
  std::mt19937 random(20'240'501);
  const auto pick = [&random](std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(random);
  };
  const std::string seeds[] = {
      openssl_hello({.server_name = "good.test", .alpn = {"h2"}}),
      openssl_hello({.server_name = "good.test", .max_version = TLS1_2_VERSION}),
      hello({{0, server_name_extension("good.test")}, {10, vector_of("\0\x1d", 2)}}),
      in_records(hello_message(hello_body({{0, server_name_extension("good.test")}})), 7),
  };
  std::size_t both = 0;
  for (int round = 0; round < 8'000; ++round) {
    std::string octets = seeds[pick(std::size(seeds))];
    for (std::size_t changes = 1 + pick(3); changes > 0; --changes) {
      // Mostly near the name, where it matters.
      const std::size_t name = octets.find("good.test");
      const std::size_t place = name != std::string::npos && pick(3) > 0
                                    ? name - std::min<std::size_t>(name, 9) + pick(20)
                                    : pick(octets.size());
      octets[std::min(place, octets.size() - 1)] = static_cast<char>(pick(256));
    }
    const std::optional<std::string> theirs = tls_test::openssl_reading(octets);
    ClientHelloReader reader;
    const base::Result<State> state = reader.feed(octets);
    if (!theirs || !state || *state != State::kComplete) continue;
    ++both;
    std::string same = *theirs;
    for (char& c : same) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (same.ends_with('.')) same.pop_back();
    EXPECT_EQ(reader.hello().server_name, same);
  }
  EXPECT_GT(both, 500U) << "most must not be refused, or nothing is compared";
}

}  // namespace
