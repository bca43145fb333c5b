#include "tls/peer_name.h"

#include <gtest/gtest.h>

namespace {

using tls::PeerName;

TEST(PeerName, TakesDnsNamesInLowerCaseWithoutTheTrailingDot) {
  for (const std::string_view host : {"good.test", "GOOD.test", "good.test."}) {
    const auto peer = PeerName::parse(host);
    ASSERT_TRUE(peer) << host;
    EXPECT_EQ(peer->dns, "good.test");
    EXPECT_FALSE(peer->address);
  }
}

TEST(PeerName, TakesALabelsUnderscoresAndSingleLabels) {
  for (const std::string_view host :
       {"xn--n1aae7f7o.test", "_acme.good.test", "localhost", "a-1.b2"}) {
    const auto peer = PeerName::parse(host);
    ASSERT_TRUE(peer) << host;
    EXPECT_EQ(peer->text(), host);
  }
}

TEST(PeerName, TakesAddressesWithAndWithoutBrackets) {
  EXPECT_EQ(PeerName::parse("192.0.2.1")->address, base::IpAddress::parse("192.0.2.1"));
  EXPECT_EQ(PeerName::parse("2001:db8::1")->address, base::IpAddress::parse("2001:db8::1"));
  EXPECT_EQ(PeerName::parse("[2001:db8::1]")->address, base::IpAddress::parse("2001:db8::1"));
  EXPECT_TRUE(PeerName::parse("192.0.2.1")->dns.empty());
}

TEST(PeerName, RefusesWhatCannotBeVerified) {
  const std::string long_label(64, 'a');
  const std::string long_name = std::string(63, 'a') + "." + std::string(63, 'b') + "." +
                                std::string(63, 'c') + "." + std::string(62, 'd');
  const std::vector<std::string> hosts{"",
                                       ".",
                                       ".good.test",
                                       "good..test",
                                       "good.test..",
                                       "-good.test",
                                       "good-.test",
                                       "g*.test",
                                       "good test",
                                       std::string("good.test\0.evil.test", 20),
                                       "b\xc3\xbc"
                                       "cher.test",
                                       "127.1",
                                       "0x7f.0x1",
                                       "2130706433",
                                       "[192.0.2.1]",
                                       "[good.test]",
                                       "192.0.2.1.",
                                       "fe80::1%eth0",
                                       long_label + ".test",
                                       long_name};
  for (const std::string& host : hosts) {
    const auto peer = PeerName::parse(host);
    ASSERT_FALSE(peer) << host;
    EXPECT_EQ(peer.error().code, base::ErrorCode::kBadRequest);
  }
}

TEST(PeerName, EscapesTheRefusedTextInItsSentence) {
  EXPECT_NE(PeerName::parse("a\nb").error().detail.find("a\\x0ab"), std::string::npos)
      << PeerName::parse("a\nb").error().detail;
}

}  // namespace
