#include "proxy/server.h"

#include <gtest/gtest.h>

namespace proxy {
namespace {

Observatory nobody;  // looks on

const base::Endpoint kAnyPort{base::IpAddress::v4({127, 0, 0, 1}), 0};

config::Config small_config() {
  config::Config config;
  config.workers = 2;
  config.listen = {config::Listener{kAnyPort}};
  config.admin.listen = kAnyPort;
  config.access_log.path = "";
  config.dns.servers = {base::Endpoint{kAnyPort.address, 9}};
  return config;
}

TEST(Server, StartsOnFreePortsAndStops) {
  auto server = Server::start(small_config(), nobody);
  ASSERT_TRUE(server) << server.error().detail;
  EXPECT_EQ((*server)->listening().size(), 1U);
  EXPECT_NE((*server)->listening().front().port, 0);
  ASSERT_NE((*server)->admin_endpoint(), nullptr);
  (*server)->stop();
}

TEST(Server, SaysThatTheAdminPortIsTaken) {
  auto first = Server::start(small_config(), nobody);
  ASSERT_TRUE(first);
  config::Config config = small_config();
  config.admin.listen = *(*first)->admin_endpoint();
  const auto second = Server::start(config, nobody);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().detail.find(config.admin.listen->to_string()), std::string::npos)
      << second.error().detail;
}

TEST(Server, SaysThatTheListeningPortIsTaken) {
  auto first = Server::start(small_config(), nobody);
  ASSERT_TRUE(first);
  config::Config config = small_config();
  config.listen = {config::Listener{(*first)->listening().front()}};
  const auto second = Server::start(config, nobody);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().detail.find("EADDRINUSE"), std::string::npos) << second.error().detail;
}

TEST(Server, NamesTheKeysThatAReloadCannotChange) {
  auto server = Server::start(small_config(), nobody);
  ASSERT_TRUE(server);
  config::Config changed = small_config();
  changed.workers = 3;
  changed.access_log.queue_lines = 16;
  const auto ignored = (*server)->reload(changed);
  EXPECT_EQ(*ignored, (std::vector<std::string>{"workers", "access_log.queue_lines"}));
}

}  // namespace
}  // namespace proxy
