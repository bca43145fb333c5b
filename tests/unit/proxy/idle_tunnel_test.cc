// What a tunnel in which nobody says anything keeps.
#include <gtest/gtest.h>
#include <malloc.h>

#include <string>
#include <utility>
#include <vector>

#include "net/block_pool.h"
#include "tests/unit/net/loopback.h"
#include "tests/unit/net/tcp_pair.h"
#include "tests/unit/proxy/lent_tools.h"
#include "tests/unit/proxy/policy/policy_values.h"
#include "tests/unit/proxy/script/home.h"

namespace proxy {
namespace {

class IdleTunnel : public testing::Test {
 protected:
  ~IdleTunnel() override {
    for (const int fd : ours_) ::close(fd);
    net::test::run_until(lent_.loop, [&] { return home_.sessions().empty(); });
  }

  // Opens a tunnel and moves an octet each way.
  void open() {
    const auto [client, near] = net::tcp_pair();
    ours_.push_back(client);
    Session& session = home_.own(std::make_unique<Session>(
        home_, lent_.tools, Entry::kPlain, lent_.caller,
        Connection(std::make_unique<net::Socket>(lent_.loop, near, base::Party::kClient))));
    session.start();
    const std::string to = "127.0.0.1:" + std::to_string(listener_.endpoint().port);
    net::write_all(client, "CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\n\r\n");
    int origin = -1;
    net::test::run_until(lent_.loop, [&] { return (origin = listener_.accept_now()) >= 0; });
    ours_.push_back(origin);
    net::write_all(client, "x");
    net::test::run_until(lent_.loop, [&] {
      char octet = 0;
      return ::recv(origin, &octet, 1, MSG_DONTWAIT) == 1;
    });
  }

  config::Config config() const {
    config::Config config;
    config.policy = policy::policy(
        {policy::with_ports(policy::with_addresses(policy::allow("lab"), {"127.0.0.1/32"}),
                            {listener_.endpoint().port})});
    return config;
  }

  net::test::TestListener listener_;
  test::LentTools lent_{config()};
  script::Home home_{lent_.loop};
  std::vector<int> ours_;
};

TEST_F(IdleTunnel, KeepsNoCoroutineFrameAndNoBuffer) {
  open();
  const std::ptrdiff_t before = net::blocks_out();
  for (int n = 0; n < 4; ++n) open();
  EXPECT_EQ(net::blocks_out(), before);
  EXPECT_EQ(home_.sessions().size(), 5U);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// docs/benchmarks.md measures a process; here it is the heap alone.
TEST_F(IdleTunnel, KeepsLittle) {
  constexpr int kTunnels = 64;
  ours_.reserve(1000);
  for (int n = 0; n < 8; ++n) open();  // what all tunnels share
  const size_t before = mallinfo2().uordblks;
  for (int n = 0; n < kTunnels; ++n) open();
  const size_t each = (mallinfo2().uordblks - before) / kTunnels;
  RecordProperty("octets", static_cast<int>(each));
  EXPECT_LE(each, 1800U);
  EXPECT_GE(each, sizeof(Session)) << "it is not the tunnels that are measured";
}
#endif

}  // namespace
}  // namespace proxy
