#include "http/controls.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace http {
namespace {

using Lines = std::initializer_list<std::pair<const char*, const char*>>;

RequestHead request(Lines lines, const char* method = "GET", int minor = 1) {
  RequestHead head{method, "http://a.test/", minor, {}};
  for (const auto& [name, value] : lines) head.fields.add(name, value);
  return head;
}

constexpr BodyLength kBody{BodyKind::kLength, 5};

TEST(ViaNames, FindsOurPseudonymAsReceivedBy) {
  EXPECT_TRUE(via_names(request({{"Via", "1.1 me"}}).fields, "me"));
  EXPECT_TRUE(via_names(request({{"Via", "1.0 a, HTTP/1.1 ME (x)"}}).fields, "me"));
  EXPECT_TRUE(via_names(request({{"Via", "1.1 a"}, {"via", "1.1\tme"}}).fields, "me"));
  EXPECT_FALSE(via_names(request({{"Via", "1.1 me2, 1.1 a (me)"}}).fields, "me"));
  EXPECT_FALSE(via_names(request({{"Via", "me"}, {"X", "1.1 me"}}).fields, "me"));
  EXPECT_FALSE(via_names({}, "me"));
}

TEST(AskedUpgrade, ToWebSocketWantsAllOfTheHandshake) {
  const Lines good = {
      {"Connection", "keep-alive, upgrade"}, {"Upgrade", "WebSocket"}, {"Sec-WebSocket-Key", "x"}};
  for (const bool any : {false, true}) {
    const auto asked = [&](const RequestHead& head, BodyLength body = {}) {
      const AskedUpgrade upgrade = asked_upgrade(head, body, {any, {}});
      EXPECT_FALSE(upgrade.withheld);
      return std::string(upgrade.protocol);
    };
    EXPECT_EQ(asked(request(good)), "WebSocket");
    EXPECT_EQ(asked(request(good), {BodyKind::kLength, 0}), "WebSocket");
    EXPECT_EQ(asked(request(good), kBody), "");
    EXPECT_EQ(asked(request(good, "POST")), "");
    EXPECT_EQ(asked(request(good, "GET", 0)), "");
    EXPECT_EQ(asked(request({{"Upgrade", "websocket"}, {"Sec-WebSocket-Key", "x"}})), "");
    EXPECT_EQ(asked(request({{"Connection", "upgrade"}, {"Upgrade", "websocket"}})), "");
  }
}

// What is asked for, "withheld" or "" for a POST that asks for `protocols`.
std::string outcome(const char* protocols, Upgrades allowed) {
  const RequestHead head = request({{"Connection", "Upgrade"}, {"Upgrade", protocols}}, "POST");
  const AskedUpgrade asked = asked_upgrade(head, {}, allowed);
  return asked.withheld ? "withheld" : std::string(asked.protocol);
}

TEST(AskedUpgrade, ToOtherProtocolsHasToBeAllowedAndIsNeverToHttp) {
  EXPECT_EQ(outcome("SPDY/3.1", {}), "withheld");
  EXPECT_EQ(outcome("SPDY/3.1", {true, {}}), "SPDY/3.1");
  EXPECT_EQ(outcome("h2c, tcp", {true, {}}), "tcp");
  for (const char* hidden : {"h2c", "H2C", "h2", "HTTP/2.0", "http/3", "TLS/1.0", "h2c/1", "a b"}) {
    EXPECT_EQ(outcome(hidden, {true, {}}), "") << hidden;
    EXPECT_EQ(outcome(hidden, {}), "") << hidden;
  }
}

TEST(AskedUpgrade, ARuleNamesProtocolsInAnyCaseAndWithOrWithoutVersion) {
  const std::vector<std::string> named = {"spdy", "tcp", "Foo/2"};
  const Upgrades allowed{false, named};
  EXPECT_EQ(outcome("SPDY/3.1", allowed), "SPDY/3.1");
  EXPECT_EQ(outcome("SPDY", allowed), "SPDY");
  EXPECT_EQ(outcome("foo/2", allowed), "foo/2");
  EXPECT_EQ(outcome("foo/1", allowed), "withheld");
  EXPECT_EQ(outcome("foo", allowed), "withheld");
  EXPECT_EQ(outcome("tcpx", allowed), "withheld");
  EXPECT_EQ(outcome("foo/1, tcp", allowed), "tcp");
}

TEST(MaxForwards, IsOneDecimalNumber) {
  EXPECT_EQ(*max_forwards(request({})), std::nullopt);
  EXPECT_EQ(*max_forwards(request({{"Max-Forwards", "0"}})), 0);
  EXPECT_EQ(*max_forwards(request({{"Max-Forwards", "010"}})), 10);
  EXPECT_EQ(*max_forwards(request({{"Max-Forwards", "99999999999999999999999999"}})),
            std::numeric_limits<std::int64_t>::max());
  for (const char* value : {"", "-1", "1,1", "x", "1 1"}) {
    EXPECT_FALSE(max_forwards(request({{"Max-Forwards", value}}))) << value;
  }
  EXPECT_FALSE(max_forwards(request({{"Max-Forwards", "1"}, {"Max-Forwards", "1"}})));
}

TEST(Expectation, IsContinueOrFails) {
  EXPECT_EQ(*expectation(request({}), kBody), Expectation::kNothing);
  EXPECT_EQ(*expectation(request({{"Expect", "100-Continue"}}), kBody), Expectation::kContinue);
  EXPECT_EQ(expectation(request({{"Expect", "200-ok"}}), kBody).error().code,
            base::ErrorCode::kExpectationFailed);
  EXPECT_FALSE(expectation(request({{"Expect", "100-continue"}, {"Expect", "x"}}), kBody));
}

TEST(Expectation, IsIgnoredIn10AndWithoutContent) {
  EXPECT_EQ(*expectation(request({{"Expect", "x"}}, "POST", 0), kBody), Expectation::kNothing);
  EXPECT_EQ(*expectation(request({{"Expect", "100-continue"}}), {}), Expectation::kNothing);
  EXPECT_EQ(*expectation(request({{"Expect", "100-continue"}}), {BodyKind::kLength, 0}),
            Expectation::kNothing);
}

}  // namespace
}  // namespace http
