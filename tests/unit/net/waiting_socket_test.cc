#include "net/waiting_socket.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>

#include "net/waiting_reader.h"

namespace net {
namespace {

using namespace std::chrono_literals;

struct Pair {
  Pair() {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds.data()), 0);
  }
  ~Pair() {
    for (const int fd : fds) ::close(fd);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
  void send(std::string_view text) const {
    EXPECT_EQ(::send(fds[1], text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  }
  std::array<int, 2> fds{};
};

base::Instant soon() { return base::steady_now() + 10s; }
base::Instant past() { return base::steady_now() - 1s; }

TEST(WaitingSocket, WaitsForWhatComesLater) {
  const Pair pair;
  WaitingSocket socket(pair.fds[0], -1, soon());
  std::thread peer([&pair] { pair.send("hello"); });
  char data[16];
  EXPECT_EQ(socket.read(data, sizeof data), 5);
  peer.join();
}

TEST(WaitingSocket, GivesUpAtTheDeadlineAndAtTheSignToStop) {
  const Pair pair;
  char data[16];
  WaitingSocket late(pair.fds[0], -1, past());
  EXPECT_EQ(late.read(data, sizeof data), -1);
  EXPECT_FALSE(late.wait_readable());
  const int stop = ::eventfd(1, EFD_CLOEXEC);
  WaitingSocket stopped(pair.fds[0], stop, soon());
  EXPECT_EQ(stopped.read(data, sizeof data), -1);
  ::close(stop);
}

TEST(WaitingSocket, ReadsWhatIsThereEvenAfterTheDeadline) {
  const Pair pair;
  pair.send("x");
  char data[16];
  EXPECT_EQ(WaitingSocket(pair.fds[0], -1, past()).read(data, sizeof data), 1);
}

TEST(WaitingSocket, GivesUpWritingToAPeerThatDoesNotRead) {
  const Pair pair;
  WaitingSocket socket(pair.fds[0], -1, past());
  const std::string much(1 << 20, 'x');
  ssize_t put = 0;
  while ((put = socket.write(much.data(), much.size())) > 0) {
  }
  EXPECT_EQ(put, -1);
}

TEST(WaitingReader, HandsOutBufferedOctetsOneByOneUpToItsBound) {
  const Pair pair;
  pair.send("abcdef");
  WaitingSocket socket(pair.fds[0], -1, soon());
  WaitingReader reader(socket, 4);
  std::string seen;
  char c = 0;
  while (reader.read(&c, 1) == 1) seen += c;
  EXPECT_EQ(seen, "abcd");
  EXPECT_TRUE(reader.is_exhausted());
  reader.allow(1);
  EXPECT_EQ(reader.read(&c, 1), 1);
  EXPECT_EQ(c, 'e');
  EXPECT_FALSE(reader.has_buffered());
}

}  // namespace
}  // namespace net
