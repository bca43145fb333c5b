// What RFC 9113 says of frames that may not come, as octets: a table of what a client sends to an
// established server, and how it is told off. Each is fed whole and octet by octet.
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "tests/unit/http/h2/frames.h"

namespace http::h2::testing {
namespace {

struct Case {
  const char* name;
  std::string octets;
  const char* verdicts;
};

std::ostream& operator<<(std::ostream& out, const Case& one) { return out << one.name; }

std::string padded(std::string_view content, std::uint8_t claimed) {
  return std::string(1, static_cast<char>(claimed)) + std::string(content);
}

const std::string kRequest = get(1);

std::vector<Case> cases() {
  const std::string half = block({{":method", "GET"}, {":scheme", "https"}});
  const std::string rest = block({{":authority", "a.test"}, {":path", "/"}});
  return {
      // §4.1, §4.2: frames.
      {"UnknownFramesAreIgnored", frame(0xfa, 0xff, 0, "what") + kRequest, ""},
      {"UnknownFlagsAreIgnored", frame(kPing, 0xfe, 0, "12345678"), ""},
      {"TheReservedBitIsIgnored", frame(kPing, 0, 0x80000000, "12345678"), ""},
      {"FramesOverTheMaximumEndTheConnection", frame(kData, 0, 1, std::string(16385, 'x')),
       "GOAWAY FRAME_SIZE_ERROR"},
      // §4.3: field blocks.
      {"BrokenCompressionEndsTheConnection",
       frame(kHeaders, kEndHeaders, 1, "\xff\xff\xff\xff\xff\xff"), "GOAWAY COMPRESSION_ERROR"},
      {"IndexesBeyondTheTableEndTheConnection", frame(kHeaders, kEndHeaders, 1, "\xfe"),
       "GOAWAY COMPRESSION_ERROR"},
      // §5.1: states.
      {"DataOnAnIdleStreamEndsTheConnection", data(1, "x"), "GOAWAY PROTOCOL_ERROR"},
      {"ResetOfAnIdleStreamEndsTheConnection", rst(1), "GOAWAY PROTOCOL_ERROR"},
      {"WindowUpdateOfAnIdleStreamEndsTheConnection", window_update(1, 1), "GOAWAY PROTOCOL_ERROR"},
      {"ContinuationWithoutHeadersEndsTheConnection", frame(kContinuation, kEndHeaders, 1, rest),
       "GOAWAY PROTOCOL_ERROR"},
      {"DataBehindTheEndEndsTheConnection", kRequest + data(1, "x"), "GOAWAY STREAM_CLOSED"},
      {"HeadersBehindTheEndEndTheConnection", kRequest + get(1), "GOAWAY STREAM_CLOSED"},
      // §5.1.1: identifiers.
      {"EvenStreamsOfAClientEndTheConnection", get(2), "GOAWAY PROTOCOL_ERROR"},
      // Skipped streams count as closed, and what comes late on a closed stream is dropped: it may
      // have crossed our RST_STREAM.
      {"SkippedStreamsAreClosed", get(3) + get(1), ""},
      // §5.5, §6.10: nothing stands between a head's frames.
      {"APingInsideAHeadEndsTheConnection",
       frame(kHeaders, kEndStream, 1, half) + ping() + frame(kContinuation, kEndHeaders, 1, rest),
       "GOAWAY PROTOCOL_ERROR"},
      {"AnUnknownFrameInsideAHeadEndsTheConnection",
       frame(kHeaders, kEndStream, 1, half) + frame(0xfa, 0, 0, "") +
           frame(kContinuation, kEndHeaders, 1, rest),
       "GOAWAY PROTOCOL_ERROR"},
      {"AContinuationOfAnotherStreamEndsTheConnection",
       frame(kHeaders, kEndStream, 1, half) + frame(kContinuation, kEndHeaders, 3, rest),
       "GOAWAY PROTOCOL_ERROR"},
      {"AHeadMayComeInPieces",
       frame(kHeaders, kEndStream, 1, half) + frame(kContinuation, kEndHeaders, 1, rest), ""},
      // §6.1: DATA.
      {"DataOnStreamZeroEndsTheConnection", data(0, "x"), "GOAWAY PROTOCOL_ERROR"},
      {"PaddingLongerThanTheFrameEndsTheConnection",
       post(1) + frame(kData, kPadded, 1, padded("x", 9)), "GOAWAY PROTOCOL_ERROR"},
      // §6.2: HEADERS.
      {"HeadersOnStreamZeroEndTheConnection", get(0), "GOAWAY PROTOCOL_ERROR"},
      {"HeadersWithTooMuchPaddingEndTheConnection",
       frame(kHeaders, kEndHeaders | kPadded, 1, padded("x", 9)), "GOAWAY PROTOCOL_ERROR"},
      // §6.3: PRIORITY, deprecated, its length judged still.
      {"PriorityOfAnotherLengthResetsTheStream", post(1) + frame(kPriority, 0, 1, "abcd"),
       "GOAWAY FRAME_SIZE_ERROR"},
      {"PriorityOnStreamZeroEndsTheConnection", frame(kPriority, 0, 0, "abcde"),
       "GOAWAY PROTOCOL_ERROR"},
      // §6.4: RST_STREAM.
      {"ResetOfStreamZeroEndsTheConnection", rst(0), "GOAWAY PROTOCOL_ERROR"},
      {"ResetOfAnotherLengthEndsTheConnection", post(1) + frame(kRstStream, 0, 1, "abc"),
       "GOAWAY FRAME_SIZE_ERROR"},
      // §6.5: SETTINGS.
      {"SettingsOnAStreamEndTheConnection", frame(kSettings, 0, 1, ""), "GOAWAY PROTOCOL_ERROR"},
      {"SettingsOfAnOddLengthEndTheConnection", settings("abcde"), "GOAWAY FRAME_SIZE_ERROR"},
      {"AnAckWithSettingsEndsTheConnection", settings(setting(1, 1), kAck),
       "GOAWAY FRAME_SIZE_ERROR"},
      {"PushIsYesOrNo", settings(setting(2, 2)), "GOAWAY PROTOCOL_ERROR"},
      {"WindowsBeyondTheMaximumEndTheConnection", settings(setting(4, 0x80000000)),
       "GOAWAY FLOW_CONTROL_ERROR"},
      {"FramesBelowTheMinimumEndTheConnection", settings(setting(5, 16383)),
       "GOAWAY PROTOCOL_ERROR"},
      {"FramesAboveTheMaximumEndTheConnection", settings(setting(5, 16777216)),
       "GOAWAY PROTOCOL_ERROR"},
      {"UnknownSettingsAreIgnored", settings(setting(0xfafa, 1)), ""},
      // §6.6: PUSH_PROMISE.
      {"AClientDoesNotPush", frame(kPushPromise, kEndHeaders, 1, number32(2)),
       "GOAWAY PROTOCOL_ERROR"},
      // §6.7: PING.
      {"PingOnAStreamEndsTheConnection", frame(kPing, 0, 1, "12345678"), "GOAWAY PROTOCOL_ERROR"},
      {"PingOfAnotherLengthEndsTheConnection", frame(kPing, 0, 0, "123"),
       "GOAWAY FRAME_SIZE_ERROR"},
      // §6.8: GOAWAY.
      {"GoAwayOnAStreamEndsTheConnection", frame(kGoAway, 0, 1, std::string(8, '\0')),
       "GOAWAY PROTOCOL_ERROR"},
      // §6.9: WINDOW_UPDATE.
      {"AnUpdateOfNothingEndsTheConnection", window_update(0, 0), "GOAWAY PROTOCOL_ERROR"},
      {"AnUpdateOfNothingForAStreamDoesSoToo", post(1) + window_update(1, 0),
       "GOAWAY PROTOCOL_ERROR"},
      {"AnUpdateOfAnotherLengthEndsTheConnection", frame(kWindowUpdate, 0, 0, "abc"),
       "GOAWAY FRAME_SIZE_ERROR"},
      {"AWindowBeyondTheMaximumEndsTheConnection", window_update(0, 0x7fffffff),
       "GOAWAY FLOW_CONTROL_ERROR"},
      {"AStreamsWindowBeyondTheMaximumResetsIt", post(1) + window_update(1, 0x7fffffff),
       "RST 1 FLOW_CONTROL_ERROR"},
      // §8.1: messages.
      {"ASecondHeadWithoutEndIsMalformed", post(1) + headers(1, {{"late", "1"}}, kEndHeaders),
       "RST 1 PROTOCOL_ERROR"},
      {"TrailersWithPseudoFieldsAreMalformed", post(1) + headers(1, {{":method", "GET"}}),
       "RST 1 PROTOCOL_ERROR"},
      {"ContentLongerThanItsLengthIsMalformed", post(1, {{"content-length", "1"}}) + data(1, "xy"),
       "RST 1 PROTOCOL_ERROR"},
      {"ContentShorterThanItsLengthIsMalformed",
       post(1, {{"content-length", "3"}}) + data(1, "xy", kEndStream), "RST 1 PROTOCOL_ERROR"},
      {"ALengthWithoutContentIsMalformed", get(1, {{"content-length", "3"}}),
       "RST 1 PROTOCOL_ERROR"},
      {"TwoLengthsAreMalformed", post(1, {{"content-length", "1"}, {"content-length", "1"}}),
       "RST 1 PROTOCOL_ERROR"},
      {"ALengthThatIsNoNumberIsMalformed", post(1, {{"content-length", "+1"}}),
       "RST 1 PROTOCOL_ERROR"},
      // §8.2.1: names and values.
      {"UpperCaseNamesAreMalformed", get(1, {{"X-Upper", "1"}}), "RST 1 PROTOCOL_ERROR"},
      {"EmptyNamesAreMalformed", get(1, {{"", "1"}}), "RST 1 PROTOCOL_ERROR"},
      {"SpacesInNamesAreMalformed", get(1, {{"x y", "1"}}), "RST 1 PROTOCOL_ERROR"},
      {"ColonsInNamesAreMalformed", get(1, {{"x:y", "1"}}), "RST 1 PROTOCOL_ERROR"},
      {"LineFeedsInValuesAreMalformed", get(1, {{"x", "1\nx: 2"}}), "RST 1 PROTOCOL_ERROR"},
      {"CarriageReturnsInValuesAreMalformed", get(1, {{"x", "1\r2"}}), "RST 1 PROTOCOL_ERROR"},
      {"NulInValuesIsMalformed", get(1, {{"x", std::string_view("1\0002", 3)}}),
       "RST 1 PROTOCOL_ERROR"},
      {"SpaceBeforeAValueIsMalformed", get(1, {{"x", " 1"}}), "RST 1 PROTOCOL_ERROR"},
      {"TabBehindAValueIsMalformed", get(1, {{"x", "1\t"}}), "RST 1 PROTOCOL_ERROR"},
      // §8.2.2: connection-specific fields.
      {"ConnectionIsMalformed", get(1, {{"connection", "close"}}), "RST 1 PROTOCOL_ERROR"},
      {"KeepAliveIsMalformed", get(1, {{"keep-alive", "5"}}), "RST 1 PROTOCOL_ERROR"},
      {"ProxyConnectionIsMalformed", get(1, {{"proxy-connection", "close"}}),
       "RST 1 PROTOCOL_ERROR"},
      {"TransferEncodingIsMalformed", post(1, {{"transfer-encoding", "chunked"}}),
       "RST 1 PROTOCOL_ERROR"},
      {"UpgradeIsMalformed", get(1, {{"upgrade", "websocket"}}), "RST 1 PROTOCOL_ERROR"},
      {"TeIsTrailersOrNothing", get(1, {{"te", "gzip"}}), "RST 1 PROTOCOL_ERROR"},
      {"TeTrailersIsFine", get(1, {{"te", "trailers"}}), ""},
      // §8.3: pseudo-fields.
      {"UnknownPseudoFieldsAreMalformed", get(1, {{":what", "1"}}), "RST 1 PROTOCOL_ERROR"},
      {"PseudoFieldsOfResponsesAreMalformed", get(1, {{":status", "200"}}), "RST 1 PROTOCOL_ERROR"},
      {"PseudoFieldsComeFirst",
       headers(1, {{":method", "GET"}, {":scheme", "https"}, {"x", "1"}, {":path", "/"}}),
       "RST 1 PROTOCOL_ERROR"},
      {"PseudoFieldsComeOnce", get(1, {{":path", "/"}}), "RST 1 PROTOCOL_ERROR"},
      {"ARequestHasAMethod",
       headers(1, {{":scheme", "https"}, {":authority", "a.test"}, {":path", "/"}}),
       "RST 1 PROTOCOL_ERROR"},
      {"ARequestHasAScheme",
       headers(1, {{":method", "GET"}, {":authority", "a.test"}, {":path", "/"}}),
       "RST 1 PROTOCOL_ERROR"},
      {"ARequestHasAPath",
       headers(1, {{":method", "GET"}, {":scheme", "https"}, {":authority", "a.test"}}),
       "RST 1 PROTOCOL_ERROR"},
      {"APathIsNotEmpty",
       headers(1,
               {{":method", "GET"}, {":scheme", "https"}, {":authority", "a.test"}, {":path", ""}}),
       "RST 1 PROTOCOL_ERROR"},
      {"SeveralHostsAreMalformed", get(1, {{"host", "a.test"}, {"host", "a.test"}}),
       "RST 1 PROTOCOL_ERROR"},
      // §8.5: CONNECT.
      {"ConnectNamesAnAuthorityAlone",
       headers(1, {{":method", "CONNECT"}, {":authority", "a.test:443"}}, kEndHeaders), ""},
      {"ConnectHasNoScheme",
       headers(1, {{":method", "CONNECT"}, {":scheme", "https"}, {":authority", "a.test:443"}},
               kEndHeaders),
       "RST 1 PROTOCOL_ERROR"},
      {"ConnectHasNoPath",
       headers(1, {{":method", "CONNECT"}, {":path", "/"}, {":authority", "a.test:443"}},
               kEndHeaders),
       "RST 1 PROTOCOL_ERROR"},
      {"ConnectHasAnAuthority", headers(1, {{":method", "CONNECT"}}, kEndHeaders),
       "RST 1 PROTOCOL_ERROR"},
      // RFC 8441 isn't offered.
      {"ExtendedConnectIsNotOffered",
       headers(1,
               {{":method", "CONNECT"},
                {":protocol", "websocket"},
                {":scheme", "https"},
                {":authority", "a.test"},
                {":path", "/"}},
               kEndHeaders),
       "RST 1 PROTOCOL_ERROR"},
  };
}

class Conformance : public ::testing::TestWithParam<Case> {};

TEST_P(Conformance, TellsThePeerOff) {
  Connection whole(Connection::Role::kServer, {});
  feed(whole, std::string(kPreface) + settings());
  EXPECT_EQ(verdicts_of(feed(whole, GetParam().octets)), GetParam().verdicts);

  Connection piecemeal(Connection::Role::kServer, {});
  feed(piecemeal, std::string(kPreface) + settings());
  std::string said;
  for (const char octet : GetParam().octets) said += feed(piecemeal, {&octet, 1});
  EXPECT_EQ(verdicts_of(said), GetParam().verdicts);
}

INSTANTIATE_TEST_SUITE_P(Frames, Conformance, ::testing::ValuesIn(cases()),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(ConformancePreface, AnythingElseEndsTheConnection) {
  Connection server(Connection::Role::kServer, {});
  EXPECT_EQ(verdicts_of(feed(server, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")),
            "GOAWAY PROTOCOL_ERROR");
  EXPECT_TRUE(server.over());
}

TEST(ConformancePreface, SettingsAreTheFirstFrame) {
  Connection server(Connection::Role::kServer, {});
  EXPECT_EQ(verdicts_of(feed(server, std::string(kPreface) + ping())), "GOAWAY PROTOCOL_ERROR");
}

TEST(ConformancePreface, AnswersPingAndSettings) {
  Connection server(Connection::Role::kServer, {});
  const std::string said = feed(server, std::string(kPreface) + settings() + ping());
  size_t answers = 0;
  for (const Frame& one : frames_of(said)) {
    if ((one.flags & kAck) == 0) continue;
    if (one.type == kSettings) answers += 1;
    if (one.type == kPing && one.payload == "pppppppp") answers += 10;
  }
  EXPECT_EQ(answers, 11U);
}

}  // namespace
}  // namespace http::h2::testing
