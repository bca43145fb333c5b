#include "net/dial.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <sys/resource.h>

#include "tests/unit/net/loopback.h"
#include "tests/unit/net/on_loop.h"

namespace net {
namespace {

using base::ErrorCode;
using base::Party;
using test::FullListener;
using test::TestListener;

constexpr const char* kName = "www.example.test:443";

struct Dial : ::testing::Test {
  base::Result<std::unique_ptr<Socket>> dial_to(const base::Endpoint& endpoint,
                                                base::Millis patience = base::Millis(10'000)) {
    return test::run(loop, dial(loop, endpoint, kName, loop.now() + patience));
  }
  // The code, after checking that the sentence names the destination and hides its address.
  static ErrorCode code(const base::Result<std::unique_ptr<Socket>>& result) {
    EXPECT_FALSE(result);
    if (result) return ErrorCode::kInternal;
    EXPECT_NE(result.error().detail.find(kName), std::string::npos) << result.error().detail;
    EXPECT_EQ(result.error().detail.find("127."), std::string::npos) << result.error().detail;
    return result.error().code;
  }
  Loop loop;
};

TEST_F(Dial, ConnectsToTheEndpoint) {
  const TestListener listener;
  const auto socket = dial_to(listener.endpoint());
  ASSERT_TRUE(socket);
  EXPECT_EQ((*socket)->party(), Party::kOrigin);
  EXPECT_EQ(peer_endpoint((*socket)->fd()), listener.endpoint());
  EXPECT_TRUE((*socket)->poll().ready(Ready::kWrite));
}

TEST_F(Dial, ConnectsToAMappedAddressAsTheIpv4AddressItIs) {
  const TestListener listener;
  const auto mapped = base::IpAddress::parse("::ffff:127.0.0.1");
  EXPECT_TRUE(dial_to({*mapped, listener.endpoint().port}));
}

TEST_F(Dial, ConnectsOverIpv6) {
  const TestListener listener("::1");
  if (!listener.listening()) GTEST_SKIP() << "no IPv6 on this machine";
  EXPECT_TRUE(dial_to(listener.endpoint()));
}

TEST_F(Dial, TurnsOnNoDelayAndKeepAliveOnRequest) {
  const TestListener listener;
  const auto socket = dial_to(listener.endpoint());
  ASSERT_TRUE(socket);
  const auto option = [&](int level, int name) {
    int value = 0;
    socklen_t size = sizeof value;
    ::getsockopt((*socket)->fd(), level, name, &value, &size);
    return value;
  };
  EXPECT_EQ(option(IPPROTO_TCP, TCP_NODELAY), 1);
  EXPECT_EQ(option(SOL_SOCKET, SO_KEEPALIVE), 0);
  (*socket)->keep_alive();
  EXPECT_EQ(option(SOL_SOCKET, SO_KEEPALIVE), 1);
  EXPECT_EQ(option(IPPROTO_TCP, TCP_KEEPIDLE), 60);
  EXPECT_NE(::fcntl((*socket)->fd(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(Dial, SaysThatAPortIsClosed) {
  base::Endpoint closed;
  {
    const TestListener gone;
    closed = gone.endpoint();
  }
  const auto result = dial_to(closed);
  EXPECT_EQ(code(result), ErrorCode::kConnectRefused);
  EXPECT_EQ(result.error().cause, ECONNREFUSED);
  EXPECT_EQ(result.error().party, Party::kOrigin);
}

TEST_F(Dial, SaysThatThereIsNoWay) {
  // The broadcast address of the loopback network: TCP has no route to it.
  EXPECT_EQ(code(dial_to({*base::IpAddress::parse("127.255.255.255"), 443})),
            ErrorCode::kConnectUnreachable);
}

TEST_F(Dial, GivesUpAtTheDeadline) {
  const FullListener silent("127.0.0.1");
  EXPECT_EQ(code(dial_to(silent.endpoint(), base::Millis(30))), ErrorCode::kConnectTimeout);
  EXPECT_EQ(loop.poller().size(), 0U);
}

TEST_F(Dial, MayBeCancelledWhileItConnects) {
  const FullListener silent("127.0.0.1");
  Task<base::Result<std::unique_ptr<Socket>>> task =
      dial(loop, silent.endpoint(), kName, loop.now() + base::Millis(10'000));
  task.start();
  EXPECT_FALSE(task.done());
  EXPECT_EQ(loop.poller().size(), 1U);
  task.cancel();
  EXPECT_EQ(loop.poller().size(), 0U);
  EXPECT_EQ(loop.timers().armed(), 0U);
}

TEST_F(Dial, SaysThatTheProxyHasNoDescriptorLeft) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{3, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto result = dial_to({*base::IpAddress::parse("127.0.0.1"), 9});
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(code(result), ErrorCode::kNoDescriptors);
  EXPECT_EQ(result.error().party, Party::kProxy);
}

TEST_F(Dial, RefusesAPeerThatIsNotTheCheckedOne) {
  const TestListener listener;
  auto begun = begin_connect(loop, listener.endpoint(), kName);
  ASSERT_TRUE(begun);
  test::run_until(loop, [&] { return (*begun)->poll().ready(Ready::kWrite); });
  const base::Endpoint other{*base::IpAddress::parse("192.0.2.1"), listener.endpoint().port};
  const auto outcome = connect_outcome(**begun, other, kName);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->error().code, ErrorCode::kConnectFailed);
  EXPECT_EQ(outcome->error().party, Party::kProxy);
}

}  // namespace
}  // namespace net
