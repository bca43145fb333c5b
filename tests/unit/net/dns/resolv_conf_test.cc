#include "net/dns/resolv_conf.h"

#include <gtest/gtest.h>

namespace net::dns {
namespace {

std::string parsed(std::string_view text) {
  std::string out;
  for (const base::Endpoint& server : parse_resolv_conf(text)) out += server.to_string() + " ";
  return out;
}

TEST(ResolvConf, TakesTheServersInOrder) {
  EXPECT_EQ(parsed("# a comment\nsearch corp.test\nnameserver 168.63.129.16\n"
                   "nameserver\t2001:db8::53  \nOptions ndots:5\n"),
            "168.63.129.16:53 [2001:db8::53]:53 ");
}

TEST(ResolvConf, TakesNoMoreThanThree) {
  EXPECT_EQ(
      parsed(
          "nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\nnameserver 192.0.2.4"),
      "192.0.2.1:53 192.0.2.2:53 192.0.2.3:53 ");
}

TEST(ResolvConf, IgnoresWhatIsNotAnAddress) {
  EXPECT_EQ(
      parsed("nameserver\nnameserver dns.test\nnameserver fe80::1%eth0\nnameservers 192.0.2.1\n"
             ";nameserver 192.0.2.2\n\r\nnameserver 192.0.2.3\r\n"),
      "192.0.2.3:53 ");
  EXPECT_EQ(parsed(""), "");
}

TEST(ResolvConf, WithoutAServerSaysWhatToDo) {
  const auto servers = read_resolv_conf("/nonexistent/resolv.conf");
  ASSERT_FALSE(servers);
  EXPECT_EQ(servers.error().code, base::ErrorCode::kDnsUnreachable);
  EXPECT_EQ(servers.error().party, base::Party::kProxy);
  EXPECT_NE(servers.error().detail.find("dns.servers"), std::string::npos);
}

}  // namespace
}  // namespace net::dns
