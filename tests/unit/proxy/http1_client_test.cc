#include "proxy/http1_client.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/net/on_loop.h"
#include "tests/unit/net/tcp_pair.h"

namespace proxy {
namespace {

class Watcher final : public ClientEnd::Gone {
 public:
  void on_client_gone(base::Error error) override { errors.push_back(std::move(error)); }
  std::vector<base::Error> errors;
};

class Http1ClientTest : public testing::Test {
 protected:
  net::Loop loop;
  std::pair<int, int> pair = net::tcp_pair();  // the client's end and ours
  Connection connection{std::make_unique<net::Socket>(loop, pair.second, base::Party::kClient)};
  http1::MessageReader reader{connection.stream()};
  const http::Limits limits;
  Account account;
  Http1Client client{account, connection, reader, limits};
};

// The kernel tells of a reset once, to whoever asks first.
TEST_F(Http1ClientTest, AResetIsSeenByEachWhoWatches) {
  Watcher first;
  client.watch(first);
  net::reset(pair.first);
  net::test::run_for(loop, base::Millis(20));
  ASSERT_EQ(first.errors.size(), 1U);
  EXPECT_EQ(first.errors[0].code, base::ErrorCode::kClientClosed);
  client.unwatch();

  Watcher second;
  client.watch(second);
  ASSERT_EQ(second.errors.size(), 1U);
  EXPECT_EQ(second.errors[0].code, base::ErrorCode::kClientClosed);
}

TEST_F(Http1ClientTest, AnEndInOrderIsNoDeparture) {
  Watcher watcher;
  client.watch(watcher);
  ::shutdown(pair.first, SHUT_WR);
  net::test::run_for(loop, base::Millis(20));
  EXPECT_TRUE(watcher.errors.empty());
  ::close(pair.first);
}

}  // namespace
}  // namespace proxy
