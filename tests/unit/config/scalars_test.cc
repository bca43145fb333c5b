#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/scalars_addresses.h"
#include "config/scalars_names.h"
#include "config/scalars_numbers.h"

namespace config {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

// The printed value, or the complaint after "! ".
template <typename T>
std::string outcome(const Scalar<T>& type, std::string_view text) {
  const Parsed<T> parsed = type.parse(text);
  if (const auto* complaint = std::get_if<Complaint>(&parsed)) return "! " + complaint->text;
  const Json printed = type.print(std::get<T>(parsed));
  return printed.is_string() ? printed.get<std::string>() : printed.dump();
}

TEST(Duration, NeedsAUnitAndKeepsItsBounds) {
  const auto type = duration(10ms, 1h);
  EXPECT_EQ(outcome(type, "90s"), "90s");
  EXPECT_EQ(outcome(type, "10ms"), "10ms");
  EXPECT_EQ(outcome(type, "60m"), "1h");
  for (const char* text : {"9ms", "61m", "0s"}) {
    EXPECT_EQ(outcome(type, text), "! expected 10ms to 1h") << text;
  }
  for (const char* text : {"5", "5x", "-5s", "", " 5s", "5 s", "1.5s", "0"}) {
    EXPECT_THAT(outcome(type, text), HasSubstr("! expected a duration such as")) << text;
  }
}

TEST(Duration, ZeroNeedsNoUnitWhereItMeansNone) {
  const auto type = duration(0ms, 1h);
  EXPECT_EQ(outcome(type, "0"), "0s");
  EXPECT_EQ(outcome(type, "0s"), "0s");
  EXPECT_EQ(outcome(type, "0ms"), "0s");
}

TEST(Size, TakesUnitsAndBytes) {
  const auto type = size(256, 1 << 20);
  EXPECT_EQ(outcome(type, "64KiB"), "64KiB");
  EXPECT_EQ(outcome(type, "65536"), "64KiB");
  EXPECT_EQ(outcome(type, "1000"), "1000");
  EXPECT_EQ(outcome(type, "255"), "! expected 256B to 1MiB");
  EXPECT_EQ(outcome(type, "64KB"), "! expected a size such as \"64KiB\" or a number of bytes");
}

TEST(Count, IsPlainDecimal) {
  const auto type = count(1, 100);
  EXPECT_EQ(outcome(type, "100"), "100");
  for (const char* text : {"0", "101", "", "+5", "0x10", "1e1", "5.0", "99999999999999999999"}) {
    EXPECT_EQ(outcome(type, text), "! expected a number from 1 to 100") << text;
  }
  EXPECT_EQ(outcome(count_or_auto(8), "auto"), "auto");
  EXPECT_EQ(outcome(count_or_auto(8), "8"), "8");
  EXPECT_EQ(outcome(count_or_auto(8), "0"), "! expected auto or a number from 1 to 8");
}

TEST(Port, IsOneTo65535) {
  EXPECT_EQ(outcome(port(), "65535"), "65535");
  for (const char* text : {"0", "65536", "080", "https"}) {
    EXPECT_EQ(outcome(port(), text), "! expected a port from 1 to 65535") << text;
  }
}

TEST(Cidr, OffersThePrefixWithoutHostBits) {
  EXPECT_EQ(outcome(cidr(), "10.0.0.0/8"), "10.0.0.0/8");
  EXPECT_EQ(outcome(cidr(), "10.1.2.3"), "10.1.2.3/32");
  EXPECT_EQ(outcome(cidr(), "FD00::/8"), "fd00::/8");
  EXPECT_THAT(outcome(cidr(), "10.1.2.3/8"), HasSubstr("write \"10.0.0.0/8\", or \"10.1.2.3\""));
  EXPECT_THAT(outcome(cidr(), "fd00::1/64"), HasSubstr("write \"fd00::/64\""));
  EXPECT_THAT(outcome(cidr(), "::ffff:10.1.0.0/112"), HasSubstr("write \"10.1.0.0/16\""));
  for (const char* text : {"10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "example.com", ""}) {
    EXPECT_THAT(outcome(cidr(), text), HasSubstr("! expected a prefix")) << text;
  }
}

TEST(ListenerScalar, ExplainsWhatIsMissing) {
  const auto type = listener();
  EXPECT_EQ(outcome(type, "0.0.0.0:3128"), "0.0.0.0:3128");
  EXPECT_EQ(outcome(type, "[::]:3128"), "[::]:3128");
  EXPECT_EQ(outcome(type, "127.0.0.1:0"), "127.0.0.1:0");
  for (const char* text : {"3128", ":3128"}) {
    EXPECT_THAT(outcome(type, text), HasSubstr("\"0.0.0.0:3128\" for every IPv4 interface"));
  }
  EXPECT_THAT(outcome(type, "10.0.0.4"), HasSubstr("write \"10.0.0.4:3128\""));
  EXPECT_THAT(outcome(type, "[::1]"), HasSubstr("write \"[::1]:3128\""));
  EXPECT_THAT(outcome(type, "::1:8080"), HasSubstr("write \"[::1]:8080\""));
  EXPECT_THAT(outcome(type, "127.0.0.1:70000"), HasSubstr("the port must be 1 to 65535"));
  EXPECT_THAT(outcome(type, "localhost:3128"), HasSubstr("names are not looked up here"));
}

TEST(EndpointOrOff, KnowsOff) {
  EXPECT_EQ(outcome(endpoint_or_off(), "off"), "off");
  EXPECT_EQ(outcome(endpoint_or_off(), "127.0.0.1:1"), "127.0.0.1:1");
  EXPECT_THAT(outcome(endpoint_or_off(), "no"), HasSubstr(", or off"));
}

TEST(NameServer, HasPort53UnlessSaidOtherwise) {
  EXPECT_EQ(outcome(name_server(), "10.0.0.10"), "10.0.0.10:53");
  EXPECT_EQ(outcome(name_server(), "fd00::53"), "[fd00::53]:53");
  EXPECT_EQ(outcome(name_server(), "10.0.0.10:5353"), "10.0.0.10:5353");
  EXPECT_THAT(outcome(name_server(), "10.0.0.10:0"), HasSubstr("! expected the address"));
}

TEST(HostPattern, ComesOutNormal) {
  EXPECT_EQ(outcome(host_pattern(), "MCR.Microsoft.com"), "mcr.microsoft.com");
  EXPECT_EQ(outcome(host_pattern(), "mcr.microsoft.com."), "mcr.microsoft.com");
  EXPECT_EQ(outcome(host_pattern(), ".Example.com."), ".example.com");
  EXPECT_EQ(outcome(host_pattern(), "*.Example.com"), "*.example.com");
  EXPECT_EQ(outcome(host_pattern(), "a_b-c.1x.xn--p1ai"), "a_b-c.1x.xn--p1ai");
  EXPECT_EQ(outcome(host_pattern(), "localhost"), "localhost");
}

TEST(HostPattern, ExplainsEveryRefusal) {
  const auto type = host_pattern();
  EXPECT_THAT(outcome(type, "*"), HasSubstr("when it has no hosts"));
  for (const char* text : {"a.*.com", "*example.com", "*.*.com", "**.com", "example.*", ".*.com"}) {
    EXPECT_THAT(outcome(type, text), HasSubstr("\"*\" may only stand first")) << text;
  }
  for (const char* text : {"10.0.0.1", "10.0.0.0/8", "::1", "fd00::/8"}) {
    EXPECT_THAT(outcome(type, text), HasSubstr("go under \"addresses\"")) << text;
  }
  for (const char* text : {"127.1", "2130706433", "a.7"}) {
    EXPECT_THAT(outcome(type, text), HasSubstr("odd IPv4 address")) << text;
  }
  EXPECT_THAT(outcome(type, "https://a.com"), HasSubstr("not a URL"));
  EXPECT_THAT(outcome(type, "a.com/x"), HasSubstr("without a path"));
  EXPECT_THAT(outcome(type, "a.com:443"), HasSubstr("ports go under \"ports\""));
  EXPECT_THAT(outcome(type, "b\xc3\xbc.de"), HasSubstr("xn--"));
  for (const char* text : {"a..com", "-a.com", "a-.com", "a.com..", "..com", "*..a"}) {
    EXPECT_THAT(outcome(type, text), HasSubstr("every part between dots")) << text;
  }
  for (const char* text : {"", ".", "*."}) {
    EXPECT_EQ(outcome(type, text).substr(0, 2), "! ") << text;
  }
  EXPECT_THAT(outcome(type, std::string(64, 'a')), HasSubstr("1 to 63"));
  EXPECT_THAT(outcome(type, "a com"), HasSubstr("letters, digits"));
  std::string longest;
  for (int i = 0; i < 127; ++i) longest += "a.";
  EXPECT_THAT(outcome(type, longest + "aa"), HasSubstr("253"));
}

TEST(HostName, IsNoPattern) {
  EXPECT_EQ(outcome(host_name(), "A.Example."), "a.example");
  EXPECT_EQ(outcome(host_name(), "*.example").substr(0, 2), "! ");
  EXPECT_EQ(outcome(host_name(), ".example").substr(0, 2), "! ");
}

TEST(RuleName, FitsLogsAndIsNoReservedWord) {
  EXPECT_EQ(outcome(rule_name(), "aks.required-1_a"), "aks.required-1_a");
  EXPECT_THAT(outcome(rule_name(), "a b"), HasSubstr("! expected 1 to 64"));
  EXPECT_THAT(outcome(rule_name(), "address-guard"), HasSubstr("choose another"));
}

TEST(BearerToken, IsMaskedAndNotRepeatedInProblems) {
  EXPECT_EQ(outcome(bearer_token(), "0123456789abcdef=="), "<set>");
  EXPECT_EQ(outcome(bearer_token(), ""), "");
  EXPECT_THAT(outcome(bearer_token(), "<set>"), HasSubstr("prints instead of a secret"));
  EXPECT_THAT(outcome(bearer_token(), "short"), HasSubstr("! expected 16 to 512"));
  EXPECT_THAT(outcome(bearer_token(), "0123456789 abcdef"), HasSubstr("! expected 16 to 512"));
}

TEST(LogPath, KnowsStandardOutputAndOff) {
  EXPECT_EQ(outcome(log_path(), "-"), "-");
  EXPECT_EQ(outcome(log_path(), "off"), "off");
  EXPECT_EQ(outcome(log_path(), "/var/log/a b"), "/var/log/a b");
  EXPECT_EQ(outcome(log_path(), "a\nb").substr(0, 2), "! ");
  EXPECT_EQ(outcome(log_path(), "").substr(0, 2), "! ");
}

}  // namespace
}  // namespace config
