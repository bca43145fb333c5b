#include "tls/waiting_server.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "net/socket.h"
#include "tests/unit/tls/support.h"

namespace tls {
namespace {

using namespace std::chrono_literals;

// A server that waits, and a client on a loop.
struct Meeting {
  Meeting() : socket(fds()[1], -1, base::steady_now() + 60s) {
    auto made = world.server->make_waiting(socket);
    server = tls_test::must(std::move(made));
  }
  ~Meeting() { ::close(ends[1]); }
  Meeting(const Meeting&) = delete;
  Meeting& operator=(const Meeting&) = delete;

  const std::array<int, 2>& fds() {
    if (ends[0] < 0) {
      EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()),
                0);
    }
    return ends;
  }

  std::array<int, 2> ends{-1, -1};
  tls_test::World world;
  net::WaitingSocket socket;
  std::unique_ptr<WaitingServer> server;
};

net::Task<void> converse(net::Loop& loop, TlsStream& stream, std::string text, std::string& heard) {
  const base::Instant deadline = tls_test::soon_enough(loop);
  std::optional<HandshakeOutcome> outcome;
  auto shaking = tls_test::shake_one(stream, deadline, outcome);
  co_await shaking;
  if (!outcome->info) co_return;
  auto saying = tls_test::say(stream, std::move(text), deadline);
  co_await saying;
  std::optional<base::Error> error;
  auto listening = tls_test::listen(stream, heard, error, deadline);
  co_await listening;
}

TEST(WaitingServer, ReadsToTheEndAndAnswers) {
  Meeting meeting;
  const std::string much(100'000, 'x');
  std::string heard_by_client;
  std::thread client([&] {
    net::Loop loop;
    auto end = std::make_unique<net::Socket>(loop, meeting.ends[0], base::Party::kOrigin);
    const PeerName peer = tls_test::must(PeerName::parse("good.test"));
    auto stream = tls_test::must(meeting.world.client->make_stream(std::move(end), peer));
    std::vector<net::Task<void>> tasks;
    tasks.push_back(converse(loop, *stream, much, heard_by_client));
    tls_test::run(loop, std::move(tasks));
  });
  ASSERT_TRUE(meeting.server->handshake());
  std::string heard;
  std::array<char, 4096> chunk;
  ssize_t got = 0;
  while ((got = meeting.server->read(chunk.data(), chunk.size())) > 0) {
    heard.append(chunk.data(), static_cast<size_t>(got));
  }
  EXPECT_EQ(got, 0) << "the end is in good order";
  EXPECT_EQ(heard, much);
  EXPECT_EQ(meeting.server->write("answer", 6), 6);
  meeting.server->close();
  ::shutdown(meeting.ends[1], SHUT_WR);
  client.join();
  EXPECT_EQ(heard_by_client, "answer");
}

TEST(WaitingServer, GivesUpASilentClientAtTheDeadline) {
  Meeting meeting;
  meeting.socket.set_deadline(base::steady_now());
  EXPECT_FALSE(meeting.server->handshake());
  ::close(meeting.ends[0]);
}

TEST(WaitingServer, RefusesWhatIsNoTls) {
  Meeting meeting;
  EXPECT_GT(::send(meeting.ends[0], "GET / HTTP/1.1\r\n\r\n", 18, 0), 0);
  EXPECT_FALSE(meeting.server->handshake());
  ::close(meeting.ends[0]);
}

}  // namespace
}  // namespace tls
