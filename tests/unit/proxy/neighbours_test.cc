#include "proxy/neighbours.h"

#include <gtest/gtest.h>

#include <optional>

namespace proxy {
namespace {

std::string key(const char* address, const char* identity = "") {
  return client_key(*base::IpAddress::parse(address), identity);
}

TEST(Neighbours, KnowAClientByItsAddressItsPrefixOrItsName) {
  EXPECT_EQ(key("192.0.2.1"), key("::ffff:192.0.2.1"));
  EXPECT_NE(key("192.0.2.1"), key("192.0.2.2"));
  EXPECT_EQ(key("2001:db8:0:1::1"), key("2001:db8:0:1:ffff::2"));
  EXPECT_NE(key("2001:db8:0:1::1"), key("2001:db8:0:2::1"));
  EXPECT_NE(key("192.0.2.1", "node-1"), key("192.0.2.1"));
  EXPECT_EQ(key("192.0.2.1", "node-1"), key("198.51.100.7", "node-1"));
  EXPECT_NE(key("0.0.0.0"), key("::"));
}

TEST(Neighbours, HaveOneEntryForEachClient) {
  Neighbours all;
  const auto first = all.seat(key("192.0.2.1"));
  EXPECT_EQ(&*all.seat(key("192.0.2.1")), &*first);
  EXPECT_NE(&*all.seat(key("192.0.2.2")), &*first);
  EXPECT_EQ(all.size(), 1U);
}

TEST(Neighbours, ForgetWhoHasLeft) {
  Neighbours all;
  std::optional first = all.seat(key("192.0.2.1"));
  std::optional second = all.seat(key("192.0.2.1"));
  EXPECT_EQ(all.size(), 1U);
  first = all.seat(key("192.0.2.1", "node-1"));
  EXPECT_EQ(all.size(), 2U);
  second.reset();
  EXPECT_EQ(all.size(), 1U);
  first.reset();
  EXPECT_EQ(all.size(), 0U);
}

}  // namespace
}  // namespace proxy
