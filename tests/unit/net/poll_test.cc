#include "net/poll.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <memory>

#include "net/socket.h"
#include "tests/unit/net/loopback.h"
#include "tests/unit/net/on_loop.h"

namespace net {
namespace {

using Kind = IoResult::Kind;

class Call final : public Waiter {
 public:
  explicit Call(std::function<void()> action = {}) : action_(std::move(action)) {}
  void on_ready() override {
    ++calls;
    if (action_) action_();
  }
  int calls = 0;

 private:
  std::function<void()> action_;
};

struct Polled : ::testing::Test {
  void SetUp() override { std::tie(near, far) = socket_pair(loop); }
  // A real TCP connection in place of the socket pair.
  void use_tcp() {
    const auto [a, b] = test::nonblocking_pair();
    near = std::make_unique<Socket>(loop, a, base::Party::kClient);
    far = std::make_unique<Socket>(loop, b, base::Party::kOrigin);
  }
  void turn() { test::run_for(loop, base::Millis(1)); }
  IoResult read(Socket& from) { return from.try_read(buffer); }
  static void write(Socket& to, std::string_view text) {
    ASSERT_EQ(to.try_write(std::array{text}).bytes, text.size());
  }

  Loop loop;
  std::unique_ptr<Socket> near;
  std::unique_ptr<Socket> far;
  std::array<char, 4096> buffer{};
};

// epoll takes no regular files, which stands for having no watches left.
TEST_F(Polled, WhatCannotBeWatchedIsBroken) {
  const int fd = ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  ASSERT_GE(fd, 0);
  const size_t before = loop.poller().size();
  {
    Poll poll(loop, fd);
    EXPECT_FALSE(poll.is_watched());
    EXPECT_TRUE(poll.broken());
  }
  ::close(fd);
  EXPECT_EQ(loop.poller().size(), before);
}

TEST_F(Polled, RemembersAnEdgeThatComesWhileNobodyWaits) {
  turn();
  EXPECT_EQ(read(*near).kind, Kind::kWouldBlock);
  EXPECT_FALSE(near->poll().ready(Ready::kRead));
  write(*far, "hello");
  turn();
  EXPECT_TRUE(near->poll().ready(Ready::kRead));
  EXPECT_EQ(read(*near).bytes, 5U);
}

TEST_F(Polled, TellsTheWaiterOfEachEdge) {
  turn();
  Call reader;
  near->poll().set_waiter(Ready::kRead, &reader);
  write(*far, "one");
  turn();
  EXPECT_EQ(reader.calls, 1);
  EXPECT_EQ(read(*near).bytes, 3U);
  write(*far, "two");
  turn();
  EXPECT_EQ(reader.calls, 2);
}

TEST_F(Polled, TellsWhenThereIsRoomToWriteAgain) {
  turn();
  const std::string flood(1 << 20, 'x');
  while (near->try_write(std::array<std::string_view, 1>{flood}).kind == Kind::kDone) {
  }
  Call writer;
  near->poll().set_waiter(Ready::kWrite, &writer);
  turn();
  EXPECT_EQ(writer.calls, 0);
  while (read(*far).kind == Kind::kDone) {
  }
  turn();
  EXPECT_GE(writer.calls, 1);
  EXPECT_TRUE(near->poll().ready(Ready::kWrite));
}

TEST_F(Polled, MayDestroyItselfInItsCallback) {
  turn();
  // A hang-up is an edge for both waiters; the second must not be called on what is gone.
  Call writer;
  Call reader([&] { near.reset(); });
  near->poll().set_waiter(Ready::kRead, &reader);
  near->poll().set_waiter(Ready::kWrite, &writer);
  far.reset();
  turn();
  EXPECT_EQ(reader.calls, 1);
  EXPECT_EQ(writer.calls, 0);
}

TEST_F(Polled, MayDestroyAnotherOfTheSameBatch) {
  auto [other, other_far] = socket_pair(loop);
  turn();
  std::unique_ptr<Socket>* sockets[] = {&near, &other};
  int calls = 0;
  const auto destroy_the_other = [&](int self) {
    ++calls;
    sockets[1 - self]->reset();
  };
  Call first([&] { destroy_the_other(0); });
  Call second([&] { destroy_the_other(1); });
  near->poll().set_waiter(Ready::kRead, &first);
  other->poll().set_waiter(Ready::kRead, &second);
  write(*far, "x");
  write(*other_far, "x");
  turn();
  EXPECT_EQ(calls, 1);
}

TEST_F(Polled, MayReplaceAnotherOfTheSameBatch) {
  auto [other, other_far] = socket_pair(loop);
  std::unique_ptr<Socket> fresh_far;
  turn();
  Call not_for_the_new_one;
  Call first([&] {
    other.reset();
    std::tie(other, fresh_far) = socket_pair(loop);  // likely the same memory and descriptor
    other->poll().exhausted(Ready::kRead);
    other->poll().set_waiter(Ready::kRead, &not_for_the_new_one);
  });
  near->poll().set_waiter(Ready::kRead, &first);
  write(*far, "x");
  write(*other_far, "x");
  turn();
  EXPECT_EQ(not_for_the_new_one.calls, 0);
}

TEST_F(Polled, FindsTheEndBehindDataThatCameWithIt) {
  for (const bool tcp : {false, true}) {
    if (tcp) use_tcp();
    turn();
    EXPECT_EQ(read(*near).kind, Kind::kWouldBlock);
    write(*far, "last words");
    far->shutdown_write();
    turn();
    EXPECT_EQ(read(*near).bytes, 10U);
    EXPECT_EQ(read(*near).kind, Kind::kEof);
  }
}

TEST_F(Polled, FindsTheEndThatComesAfterAShortRead) {
  use_tcp();
  turn();
  write(*far, "last words");
  turn();
  EXPECT_EQ(read(*near).bytes, 10U);
  EXPECT_EQ(read(*near).kind, Kind::kWouldBlock);
  far->shutdown_write();
  turn();
  EXPECT_EQ(read(*near).kind, Kind::kEof);
}

TEST_F(Polled, ReadsWhatCameBeforeAReset) {
  use_tcp();
  turn();
  write(*far, "before");
  turn();
  far->reset_on_close();
  far.reset();
  turn();
  const IoResult first = read(*near);
  if (first.kind == Kind::kDone) {
    EXPECT_EQ(first.bytes, 6U);
    EXPECT_EQ(read(*near).cause, ECONNRESET);
  } else {
    EXPECT_EQ(first.cause, ECONNRESET);  // kernels may drop the queue with the reset
  }
}

// A read stops short at the mark of urgent data though more lies behind it.
TEST_F(Polled, ReadsOnBehindUrgentData) {
  use_tcp();
  turn();
  EXPECT_EQ(read(*near).kind, Kind::kWouldBlock);
  write(*far, "abc");
  ASSERT_EQ(::send(far->fd(), "!", 1, MSG_OOB), 1);
  write(*far, "def");
  turn();
  std::string got;
  for (IoResult step = read(*near); step.kind == Kind::kDone; step = read(*near)) {
    got.append(buffer.data(), step.bytes);
  }
  EXPECT_EQ(got, "abcdef");
}

TEST_F(Polled, CountsWhatIsRegistered) {
  EXPECT_EQ(loop.poller().size(), 2U);
  near.reset();
  EXPECT_EQ(loop.poller().size(), 1U);
}

}  // namespace
}  // namespace net
