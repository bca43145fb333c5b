#include "proxy/neighbours.h"

#include <gtest/gtest.h>

#include <optional>

namespace proxy {
namespace {

base::IpAddress ip(const char* text) { return *base::IpAddress::parse(text); }

TEST(Neighbours, KnowAClientByItsAddressItsPrefixOrItsName) {
  Neighbours all;
  const auto first = all.seat(ip("192.0.2.1"), "");
  EXPECT_EQ(&*all.seat(ip("192.0.2.1"), ""), &*first);
  EXPECT_EQ(&*all.seat(ip("::ffff:192.0.2.1"), ""), &*first);
  EXPECT_NE(&*all.seat(ip("192.0.2.2"), ""), &*first);
  const auto v6 = all.seat(ip("2001:db8:0:1::1"), "");
  EXPECT_EQ(&*all.seat(ip("2001:db8:0:1:ffff::2"), ""), &*v6);
  EXPECT_NE(&*all.seat(ip("2001:db8:0:2::1"), ""), &*v6);
  const auto named = all.seat(ip("192.0.2.1"), "node-1");
  EXPECT_NE(&*named, &*first);
  EXPECT_EQ(&*all.seat(ip("198.51.100.7"), "node-1"), &*named);
}

TEST(Neighbours, ForgetWhoHasLeft) {
  Neighbours all;
  std::optional first = all.seat(ip("192.0.2.1"), "");
  std::optional second = all.seat(ip("192.0.2.1"), "");
  EXPECT_EQ(all.size(), 1U);
  first = all.seat(ip("192.0.2.1"), "node-1");
  EXPECT_EQ(all.size(), 2U);
  second.reset();
  EXPECT_EQ(all.size(), 1U);
  first.reset();
  EXPECT_EQ(all.size(), 0U);
}

}  // namespace
}  // namespace proxy
