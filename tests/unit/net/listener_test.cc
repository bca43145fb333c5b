#include "net/listener.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <functional>
#include <future>
#include <thread>
#include <vector>

#include "net/endpoint.h"
#include "net/loop.h"
#include "tests/unit/net/hand_clock.h"
#include "tests/unit/net/tcp_pair.h"

namespace net {
namespace {

const base::Endpoint kAnyPort{base::IpAddress::v4({127, 0, 0, 1}), 0};

class Acceptor final : public Listener::Handler {
 public:
  explicit Acceptor(std::function<void(int)> each) : each_(std::move(each)) {}
  void on_accept(int fd, const base::Endpoint& client) override {
    clients.push_back(client);
    each_(fd);
  }
  void on_accept_pause() override { ++pauses; }
  std::string_view last_words() const override { return "no room"; }
  std::vector<base::Endpoint> clients;
  int pauses = 0;

 private:
  std::function<void(int)> each_;
};

int connect_to(const base::Endpoint& endpoint) {
  const int fd =
      ::socket(endpoint.address.is_v4() ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const SockAddr address = to_sockaddr(endpoint);
  if (::connect(fd, address.get(), address.size) != 0) {
    ::close(fd);
    return -1;
  }
  return fd;
}

TEST(ListeningSocket, PicksAFreePortForPortZero) {
  const auto socket = ListeningSocket::open(kAnyPort, ListeningSocket::Stack::kDual);
  ASSERT_TRUE(socket) << socket.error().detail;
  EXPECT_NE(socket->endpoint().port, 0);
}

TEST(ListeningSocket, SharesAPortAmongWorkersButSeesOneTakenByOthers) {
  const auto first = ListeningSocket::open(kAnyPort, ListeningSocket::Stack::kDual);
  ASSERT_TRUE(first);
  EXPECT_TRUE(ListeningSocket::open(first->endpoint(), ListeningSocket::Stack::kDual));
  const auto free = ListeningSocket::check_free(first->endpoint(), ListeningSocket::Stack::kDual);
  ASSERT_FALSE(free);
  EXPECT_NE(free.error().detail.find("EADDRINUSE"), std::string::npos) << free.error().detail;
  EXPECT_NE(free.error().detail.find(first->endpoint().to_string()), std::string::npos);
}

TEST(ListeningSocket, NamesAnAddressThatIsNotLocal) {
  const base::Endpoint elsewhere{base::IpAddress::v4({192, 0, 2, 1}), 3128};
  const auto socket = ListeningSocket::open(elsewhere, ListeningSocket::Stack::kDual);
  ASSERT_FALSE(socket);
  EXPECT_NE(socket.error().detail.find("192.0.2.1:3128"), std::string::npos);
}

TEST(Listener, AcceptsABurstLargerThanOneTurn) {
  constexpr size_t kBurst = 100;
  Loop loop;
  Acceptor acceptor([&](int fd) {
    ::close(fd);
    if (acceptor.clients.size() == kBurst) loop.stop();
  });
  auto socket = ListeningSocket::open(kAnyPort, ListeningSocket::Stack::kDual);
  ASSERT_TRUE(socket);
  const base::Endpoint endpoint = socket->endpoint();
  const Listener listener(loop, std::move(*socket), acceptor);
  std::vector<int> clients;
  for (size_t i = 0; i < kBurst; ++i) clients.push_back(connect_to(endpoint));
  loop.run();
  EXPECT_EQ(acceptor.clients.size(), kBurst);
  for (const int fd : clients) ::close(fd);
}

// A turn of the loop takes microseconds, the next tick of the timers up to 16 ms.
TEST(Listener, GoesOnWithABurstWithoutWaitingForTheClock) {
  constexpr size_t kBurst = 100;
  const test::HandClock clock;  // stands still
  Loop loop;
  Acceptor acceptor([&](int fd) { ::close(fd); });
  auto socket = ListeningSocket::open(kAnyPort, ListeningSocket::Stack::kDual);
  ASSERT_TRUE(socket);
  const base::Endpoint endpoint = socket->endpoint();
  std::vector<int> clients;
  {
    const Listener listener(loop, std::move(*socket), acceptor);
    for (size_t i = 0; i < kBurst; ++i) clients.push_back(connect_to(endpoint));
    int turns = 0;
    std::function<void()> look = [&] {
      if (acceptor.clients.size() == kBurst || ++turns == 1000) return loop.stop();
      loop.defer(look);
    };
    loop.defer(look);
    loop.run();
    EXPECT_EQ(acceptor.clients.size(), kBurst);
    // It may go while it has work left for a later turn.
    for (size_t i = 0; i < kBurst; ++i) clients.push_back(connect_to(endpoint));
    acceptor.clients.clear();
    look = [&] {
      if (!acceptor.clients.empty()) return loop.stop();
      loop.defer(look);
    };
    loop.defer(look);
    loop.run();
    EXPECT_LT(acceptor.clients.size(), kBurst);
  }
  loop.defer([&] { loop.stop(); });
  loop.run();
  for (const int fd : clients) ::close(fd);
}

TEST(Listener, ReportsIpv4ClientsOfADualStackSocketAsIpv4) {
  Loop loop;
  Acceptor acceptor([&](int fd) {
    ::close(fd);
    loop.stop();
  });
  auto socket =
      ListeningSocket::open({*base::IpAddress::parse("::"), 0}, ListeningSocket::Stack::kDual);
  ASSERT_TRUE(socket) << socket.error().detail;
  const base::Endpoint endpoint{kAnyPort.address, socket->endpoint().port};
  const Listener listener(loop, std::move(*socket), acceptor);
  const int client = connect_to(endpoint);
  ASSERT_GE(client, 0);
  loop.run();
  EXPECT_EQ(acceptor.clients.at(0).address, kAnyPort.address);
  ::close(client);
}

TEST(Listener, SaysItsLastWordsAndRestsWhenDescriptorsRunOut) {
  Loop loop;
  std::vector<int> accepted;
  Acceptor acceptor([&](int fd) {
    accepted.push_back(fd);
    loop.stop();
  });
  auto socket = ListeningSocket::open(kAnyPort, ListeningSocket::Stack::kDual);
  ASSERT_TRUE(socket);
  const base::Endpoint endpoint = socket->endpoint();
  const Listener listener(loop, std::move(*socket), acceptor);
  const int refused = connect_to(endpoint);
  const int served = connect_to(endpoint);
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  // Starts before descriptors run out: a thread's start may need some (sanitizers' checks do).
  std::thread reader([&] {
    EXPECT_EQ(read_all(refused), "no room");
    // The client that was refused has left; there is room again.
    loop.post([&] { ::setrlimit(RLIMIT_NOFILE, &before); });
  });
  // The limit counts descriptor numbers: forbid every number beyond those in use.
  const int lowest_free = ::dup(0);
  ::close(lowest_free);
  rlimit tight = before;
  tight.rlim_cur = static_cast<rlim_t>(lowest_free);
  ::setrlimit(RLIMIT_NOFILE, &tight);
  loop.run();
  reader.join();
  EXPECT_GE(acceptor.pauses, 1);
  EXPECT_EQ(accepted.size(), 1U);
  for (const int fd : accepted) ::close(fd);
  ::close(refused);
  ::close(served);
}

}  // namespace
}  // namespace net
