#include "cli/inheritance.h"

#include <gtest/gtest.h>

namespace cli {
namespace {

TEST(Handover, IsReadAsItWasWritten) {
  const std::string value = format_handover(7, {{8, "plain"}, {12, "admin"}});
  EXPECT_EQ(value, "7;8:plain;12:admin");
  const auto read = parse_handover(value);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->channel, 7);
  ASSERT_EQ(read->sockets.size(), 2U);
  EXPECT_EQ(read->sockets[1].fd, 12);
  EXPECT_EQ(read->sockets[1].role, "admin");
}

TEST(Handover, OfAChannelAloneHasNoSockets) {
  const auto read = parse_handover("5");
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->sockets.empty());
}

TEST(Handover, RefusesWhatNoProxyWrites) {
  for (const char* value : {"", "x", "-1", "2", "7;8", "7;8:", "7;:plain", "7;8x:plain",
                            "7;1:plain", "99999999999;8:plain", "7;8:plain;;9:tls"}) {
    EXPECT_FALSE(parse_handover(value)) << value;
  }
}

}  // namespace
}  // namespace cli
