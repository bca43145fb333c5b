// What the streams of a client hold over all its connections.
#include "http/h2/allowance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/http/h2/frames.h"

namespace http::h2::testing {
namespace {

TEST(Allowance, CountsWhatIsTakenAndGiven) {
  Allowance allowance(100);
  EXPECT_TRUE(allowance.take(60));
  EXPECT_FALSE(allowance.take(41));
  EXPECT_TRUE(allowance.take(40));
  allowance.hold(10);
  EXPECT_FALSE(allowance.take(1));
  EXPECT_TRUE(allowance.widen(25));
  EXPECT_FALSE(allowance.widen(1));
  allowance.give(110);
  EXPECT_EQ(allowance.held(), 0U);
  EXPECT_EQ(allowance.take_peak(), 110U);
  EXPECT_EQ(allowance.take_peak(), 0U);
}

// Clients that fill every window of every stream, while nobody consumes.
struct Hoard {
  explicit Hoard(size_t count) {
    const std::string piece(16 * 1024, 'x');
    const Settings settings;
    for (size_t n = 0; n < count; ++n) {
      auto& server = *servers.emplace_back(
          std::make_unique<Connection>(Connection::Role::kServer, settings, allowance));
      feed(server, std::string(kPreface) + testing::settings() + testing::settings({}, kAck));
      for (std::uint32_t stream = 1; stream < 2 * settings.max_streams; stream += 2) {
        feed(server, post(stream) + data(stream, piece) + data(stream, piece));
        while (Stream* touched = server.next_touched()) {
          if (touched->closed()) server.release(*touched);
        }
        most = std::max(most, allowance->held());
      }
    }
  }
  std::shared_ptr<Allowance> allowance = std::make_shared<Allowance>(Settings{}.held_bytes);
  std::vector<std::unique_ptr<Connection>> servers;
  size_t most = 0;
};

TEST(Allowance, BoundsWhatOneTenAndAHundredConnectionsHold) {
  const Settings settings;
  const size_t connection = size_t{settings.max_streams} * settings.stream_window;
  for (const size_t count : {size_t{1}, size_t{10}, size_t{100}}) {
    Hoard hoard(count);
    EXPECT_LE(hoard.most, std::min(count * connection + count * 100 * 1024, settings.held_bytes));
    EXPECT_GE(hoard.most,
              std::min(count * connection, settings.held_bytes - settings.stream_window));
    for (const auto& server : hoard.servers) EXPECT_FALSE(server->failure());
    hoard.servers.clear();
    EXPECT_EQ(hoard.allowance->held(), 0U) << count;
  }
}

TEST(Allowance, ContentBeyondItEndsItsStreamAlone) {
  auto allowance = std::make_shared<Allowance>(20'000);
  Connection server(Connection::Role::kServer, {}, allowance);
  feed(server, std::string(kPreface) + settings());
  feed(server, post(1) + data(1, std::string(12'000, 'x')));
  EXPECT_EQ(verdicts_of(feed(server, post(3) + data(3, std::string(12'000, 'x')))),
            "RST 3 ENHANCE_YOUR_CALM");
  Stream& first = *server.next_touched();
  server.consume(first, first.content().size());
  EXPECT_EQ(verdicts_of(feed(server, data(1, std::string(12'000, 'x')))), "");
  EXPECT_EQ(first.waiting(), 12'000U);
}

}  // namespace
}  // namespace http::h2::testing
