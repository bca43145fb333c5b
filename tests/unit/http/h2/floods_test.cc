// What a peer that only makes work gets: a budget, then GOAWAY with ENHANCE_YOUR_CALM.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/unit/http/h2/frames.h"

namespace http::h2::testing {
namespace {

constexpr const char* kCalm = "GOAWAY ENHANCE_YOUR_CALM";

// How many of `piece(n)` a server takes, sent at one moment, before it gives up; `most` at most.
size_t taken(const std::function<std::string(std::uint32_t)>& piece, size_t most,
             const Settings& settings = {}) {
  Connection server(Connection::Role::kServer, settings);
  feed(server, std::string(kPreface) + testing::settings());
  for (std::uint32_t n = 0; n < most; ++n) {
    feed(server, piece(n));
    if (server.failure()) return n;
  }
  return most;
}

std::string flood_verdict(Connection& server, std::string_view octets) {
  feed(server, std::string(kPreface) + settings());
  std::string said = feed(server, octets);
  const auto frames = frames_of(said);
  return frames.empty() || frames.back().type != kGoAway
             ? "no GOAWAY at the end"
             : verdicts_of(said.substr(said.size() - 9 - frames.back().payload.size()));
}

TEST(Floods, RapidResetsEndTheConnection) {
  const auto piece = [](std::uint32_t n) { return get(2 * n + 1) + rst(2 * n + 1); };
  EXPECT_EQ(taken(piece, 1000), Settings{}.resets.burst);
  std::string all;
  for (std::uint32_t n = 0; n < 1000; ++n) all += piece(n);
  Connection server(Connection::Role::kServer, {});
  EXPECT_EQ(flood_verdict(server, all), kCalm);
  // Requests that were taken back before anyone saw them leave nothing behind.
  EXPECT_EQ(server.streams(), 0U);
  EXPECT_EQ(server.next_touched(), nullptr);
  EXPECT_TRUE(server.over());
}

TEST(Floods, ResetsOverALongTimeAreFine) {
  Connection server(Connection::Role::kServer, {});
  feed(server, std::string(kPreface) + settings());
  base::Instant now = kStart;
  for (std::uint32_t n = 0; n < 2000; ++n) {
    now += std::chrono::milliseconds(25);
    feed(server, get(2 * n + 1) + rst(2 * n + 1), now);
  }
  EXPECT_FALSE(server.failure());
}

// CVE-2025-8671: the client makes the server reset.
TEST(Floods, StreamsThatMustBeResetCountLikeResets) {
  const auto malformed = [](std::uint32_t n) { return get(2 * n + 1, {{"connection", "x"}}); };
  EXPECT_EQ(taken(malformed, 1000), Settings{}.resets.burst);
  const auto overflow = [](std::uint32_t n) {
    return get(2 * n + 1) + window_update(2 * n + 1, 0x7fffffff);
  };
  EXPECT_EQ(taken(overflow, 1000), Settings{}.resets.burst);
}

TEST(Floods, StreamsBeyondTheLimitAreRefusedOneByOne) {
  Settings few;
  few.max_streams = 2;
  Connection server(Connection::Role::kServer, few);
  feed(server, std::string(kPreface) + settings());
  EXPECT_EQ(verdicts_of(feed(server, get(1) + get(3) + get(5) + get(7))),
            "RST 5 REFUSED_STREAM, RST 7 REFUSED_STREAM");
  EXPECT_EQ(server.streams(), 2U);
}

TEST(Floods, FramesThatCarryNothingEndTheConnection) {
  const struct {
    const char* name;
    std::string piece;
  } kinds[] = {
      {"PING", ping()},
      {"SETTINGS", settings()},
      {"PRIORITY", frame(kPriority, 0, 3, std::string(4, '\0') + "\x10")},
      {"WINDOW_UPDATE", window_update(0, 1)},
      {"empty DATA", data(1, "")},
      {"DATA of padding", frame(kData, kPadded, 1, std::string("\x03", 1) + std::string(3, '\0'))},
  };
  for (const auto& kind : kinds) {
    Settings settings;
    settings.idle_frames.burst = 50;
    const auto piece = [&](std::uint32_t n) { return n == 0 ? post(1) : kind.piece; };
    // SETTINGS of the start is one of them.
    EXPECT_EQ(taken(piece, 1000, settings), 50U) << kind.name;
  }
}

TEST(Floods, UpdatesThatAnswerDataAreFine) {
  Settings settings;
  settings.idle_frames = {20, 0};
  Connection server(Connection::Role::kServer, settings);
  feed(server, std::string(kPreface) + testing::settings() + get(1));
  Stream& stream = *server.next_touched();
  server.respond(stream, 200, {}, End::kNotYet);
  for (int n = 0; n < 1000; ++n) {
    server.send_content(stream, "x");
    output_of(server);
    feed(server, window_update(0, 1) + window_update(1, 1) + ping());
  }
  EXPECT_FALSE(server.failure());
}

// Whoever reads in small pieces gives them back in small pieces, and may do so long after they were
// sent: what is earned by content does not run over.
TEST(Floods, UpdatesForEachKibibyteOfContentAreFine) {
  Settings settings;
  settings.idle_frames = {20, 0};
  Connection server(Connection::Role::kServer, settings);
  feed(server, std::string(kPreface) + testing::settings() + get(1));
  feed(server, window_update(0, 100'000'000) + window_update(1, 100'000'000));
  Stream& stream = *server.next_touched();
  server.respond(stream, 200, {}, End::kNotYet);
  constexpr size_t kOctets = 4'000'000;
  for (size_t sent = 0; sent < kOctets;) {
    sent += server.send_content(stream, std::string(kOctets - sent, 'x'));
    output_of(server);
  }
  for (size_t taken = 0; taken < kOctets; taken += 1024) {
    feed(server, window_update(0, 1024) + window_update(1, 1024));
    ASSERT_FALSE(server.failure()) << "after " << taken;
  }
  // It was for so many, and no more.
  for (size_t n = 0; n < 2 * kOctets / 512 && !server.failure(); ++n) feed(server, ping());
  EXPECT_TRUE(server.failure());
}

// RST_STREAM of what was answered whole costs nobody anything, nor does the end of a tunnel.
TEST(Floods, ResetsOfWhatWasServedAreFine) {
  for (const bool tunnel : {false, true}) {
    Connection server(Connection::Role::kServer, {});
    feed(server, std::string(kPreface) + settings());
    for (std::uint32_t n = 0; n < 3000; ++n) {
      const std::uint32_t id = 2 * n + 1;
      const Lines connect = {{":method", "CONNECT"}, {":authority", "a.test:443"}};
      feed(server, tunnel ? headers(id, connect, kEndHeaders) : post(id));
      Stream& stream = *server.next_touched();
      ASSERT_TRUE(stream.take_request());
      server.respond(stream, 200, {}, tunnel ? End::kNotYet : End::kNow);
      output_of(server);
      feed(server, rst(id));
      ASSERT_FALSE(server.failure()) << n << (tunnel ? " tunnels" : " requests");
      server.release(stream);
    }
  }
}

// Nor does one that comes when the stream is forgotten; but many of them do.
TEST(Floods, ResetsOfStreamsThatAreOverAreFramesThatCarryNothing) {
  const auto piece = [](std::uint32_t n) { return n == 0 ? get(1) + rst(1) : rst(1); };
  EXPECT_EQ(taken(piece, 2000), Settings{}.idle_frames.burst);
}

TEST(Floods, ResetsOfTunnelsThatAreNotGrantedEndTheConnection) {
  const auto piece = [](std::uint32_t n) {
    const Lines connect = {{":method", "CONNECT"}, {":authority", "a.test:443"}};
    return headers(2 * n + 1, connect, kEndHeaders) + rst(2 * n + 1);
  };
  EXPECT_EQ(taken(piece, 1000), Settings{}.resets.burst);
}

// The client doesn't read: acknowledgements pile up.
TEST(Floods, AnswersThatNobodyReadsEndTheConnection) {
  for (const std::string& piece : {ping(), settings()}) {
    Connection server(Connection::Role::kServer, {});
    server.receive(std::string(kPreface) + settings(), kStart);
    int sent = 0;
    for (; sent < 1000 && !server.failure(); ++sent) server.receive(piece, kStart);
    EXPECT_LE(sent, 101);
    EXPECT_EQ(verdicts_of(output_of(server)), kCalm);
  }
}

TEST(Floods, SettingsOfManyEntriesEndTheConnection) {
  std::string entries;
  for (int n = 0; n < 33; ++n) entries += setting(0xfafa, 1);
  Connection server(Connection::Role::kServer, {});
  EXPECT_EQ(flood_verdict(server, settings(entries)), kCalm);
}

// VU#421644: a head that never ends.
TEST(Floods, ContinuationsWithoutEndEndTheConnection) {
  for (const std::string& more :
       {std::string(), block({{"x", "1"}}), block({{"x", std::string(16000, 'y')}})}) {
    std::string octets = get(1, {}, kEndStream);
    for (int n = 0; n < 100; ++n) octets += frame(kContinuation, 0, 1, more);
    Connection server(Connection::Role::kServer, {});
    EXPECT_EQ(flood_verdict(server, octets), kCalm);
    EXPECT_EQ(server.next_touched(), nullptr);
  }
}

// A few octets that unfold to megabytes: an entry of the dynamic table, named again and again.
std::string bomb(size_t uses) {
  // Literal with incremental indexing, new name: entry 62, of some 4000 octets.
  return std::string("\x40\x01x\x7f\xa1\x1e", 6) + std::string(4000, 'y') +
         std::string(uses, '\xbe');
}

TEST(Floods, HeadsThatUnfoldBeyondTheLimitAreRefusedAndNotKept) {
  Connection server(Connection::Role::kServer, {});
  feed(server, std::string(kPreface) + settings());
  const std::string request =
      block({{":method", "GET"}, {":scheme", "https"}, {":authority", "a.test"}, {":path", "/"}});
  feed(server, frame(kHeaders, kEndHeaders | kEndStream, 1, request + bomb(20)));
  Stream* stream = server.next_touched();
  ASSERT_NE(stream, nullptr);
  const auto head = stream->take_request();
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error().code, base::ErrorCode::kHeadTooLarge);
  // The connection goes on: a 431 can be sent, and the next request is served.
  server.respond(*stream, 431, {}, End::kNow);
  EXPECT_EQ(verdicts_of(feed(server, get(3))), "");
}

// As soon as it is clear: not after 140 KB have been unfolded to 500 MB. Origins can do it as well,
// and trailers can.
TEST(Floods, HeadsThatUnfoldFarBeyondTheLimitEndTheConnection) {
  const std::string request =
      block({{":method", "GET"}, {":scheme", "https"}, {":authority", "a.test"}, {":path", "/"}});
  const std::string front = frame(kHeaders, kEndStream, 1, request + bomb(12'000));
  Connection server(Connection::Role::kServer, {});
  EXPECT_EQ(flood_verdict(server, front), kCalm);
  EXPECT_NE(server.failure()->detail.find("unfolds"), std::string::npos);

  Connection in_trailers(Connection::Role::kServer, {});
  EXPECT_EQ(flood_verdict(in_trailers,
                          post(1) + frame(kHeaders, kEndHeaders | kEndStream, 1, bomb(12'000))),
            kCalm);

  Connection client(Connection::Role::kClient, {});
  feed(client, settings());
  const Fields none;
  client.open({"GET", "https", "a.test", "/", none}, End::kNow);
  output_of(client);
  const std::string response = std::string("\x88") + bomb(12'000);
  EXPECT_EQ(verdicts_of(feed(client, frame(kHeaders, kEndHeaders, 1, response))), kCalm);
  ASSERT_TRUE(client.failure());
  EXPECT_EQ(client.failure()->party, base::Party::kOrigin);
}

}  // namespace
}  // namespace http::h2::testing
