#include "proxy/arrivals.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/net/on_loop.h"
#include "tests/unit/net/tcp_pair.h"

namespace proxy {
namespace {

constexpr std::uint32_t kMost = 16;

class ArrivalsTest : public testing::Test {
 protected:
  ~ArrivalsTest() override {
    for (const int fd : fars) ::close(fd);
  }

  // A connection from a balancer, which writes `begin`.
  void connect(const std::string& balancer, std::string_view begin) {
    const auto [far, near] = net::tcp_pair();
    fars.push_back(far);
    net::write_all(far, begin);
    arrivals.add(std::make_unique<net::Socket>(loop, near, base::Party::kClient),
                 {*base::IpAddress::parse(balancer), 4000}, base::steady_now() + patience,
                 [this](std::unique_ptr<net::Socket>, const base::Endpoint& client) {
                   clients.push_back(client.to_string());
                 });
  }
  void turn(base::Millis length = base::Millis(20)) { net::test::run_for(loop, length); }

  net::Loop loop;
  admin::Counter failures{0};
  Arrivals arrivals{loop, failures, kMost};
  base::Millis patience{60'000};
  std::vector<int> fars;
  std::vector<std::string> clients;
};

TEST_F(ArrivalsTest, ASilentBalancerKeepsNoOtherOut) {
  for (std::uint32_t i = 0; i < 2 * kMost; ++i) connect("10.0.0.4", "");
  EXPECT_GT(failures, kMost);
  connect("10.0.0.5", "PROXY TCP4 192.0.2.7 10.0.0.5 51234 3128\r\n");
  turn();
  EXPECT_EQ(clients, std::vector<std::string>{"192.0.2.7:51234"});
}

TEST_F(ArrivalsTest, GivePlacesBack) {
  for (int round = 0; round < 5; ++round) {
    for (std::uint32_t i = 0; i < kMost / 2; ++i) {
      connect("10.0.0.4", "PROXY TCP4 192.0.2.7 10.0.0.4 51234 3128\r\n");
      connect("10.0.0.4", "GET / HTTP/1.1\r\n");
    }
    turn();
  }
  EXPECT_EQ(clients.size(), 5 * kMost / 2);
  EXPECT_EQ(failures, 5 * kMost / 2);

  for (std::uint32_t i = 0; i < 2 * kMost; ++i) connect("10.0.0.4", "");
  arrivals.clear();
  const auto before = failures.load();
  for (std::uint32_t i = 0; i < kMost / 2; ++i) connect("10.0.0.4", "");
  EXPECT_EQ(failures, before);
}

TEST_F(ArrivalsTest, EndAtTheirDeadline) {
  patience = base::Millis(10);
  connect("10.0.0.4", "PROXY TCP4 192.0.2.7 ");
  turn(base::Millis(60));
  EXPECT_EQ(failures, 1U);
  EXPECT_TRUE(clients.empty());
}

}  // namespace
}  // namespace proxy
