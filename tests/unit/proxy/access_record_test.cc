#include "proxy/access_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <nlohmann/json.hpp>

namespace proxy {
namespace {

using config::LogFormat;
using nlohmann::json;
using std::chrono::microseconds;
using namespace std::string_literals;
using testing::HasSubstr;
using testing::Not;

AccessRecord tunnel() {
  AccessRecord record;
  // 2026-02-28T23:59:58.007Z
  record.time = base::WallTime(std::chrono::milliseconds(1'772'323'198'007));
  record.id = "7f3a-12";
  record.client = *base::Endpoint::parse("10.1.2.3:50000");
  record.method = "CONNECT";
  record.target = "example.com:443";
  record.origin = base::Endpoint::parse("[2606:4700::1]:443");
  record.status = 200;
  record.verdict = policy::Verdict::kAllow;
  record.rule = "default";
  record.bytes_in = 517;
  record.bytes_out = 18'446'744'073'709'551'615ULL;
  record.exchange = 1;
  record.phases = {microseconds(11), microseconds(2'002), microseconds(30'500),
                   microseconds(0),  microseconds(4),     microseconds(1'234'567)};
  return record;
}

AccessRecord hostile() {
  AccessRecord record = tunnel();
  const std::string evil =
      "\x1b[2J\x1b]0;x\x07\r\n{\"id\":\"forged\"} \"q\" \\ \x7f \x80\xff\0end"s;
  record.id = evil;
  record.method = evil;
  record.target = evil;
  record.rule = evil;
  record.misroute = evil;
  record.error = base::Error{base::ErrorCode::kBadResponse, base::Party::kOrigin, 0, evil};
  return record;
}

TEST(AccessRecord, IsOneJsonObjectWithEveryKey) {
  const json line = json::parse(format_record(tunnel(), LogFormat::kJson));
  const json expected = {{"time", "2026-02-28T23:59:58.007Z"},
                         {"id", "7f3a-12"},
                         {"client", "10.1.2.3:50000"},
                         {"method", "CONNECT"},
                         {"target", "example.com:443"},
                         {"origin", "[2606:4700::1]:443"},
                         {"status", 200},
                         {"verdict", "allow"},
                         {"rule", "default"},
                         {"misroute", nullptr},
                         {"fault", nullptr},
                         {"cause", nullptr},
                         {"errno", nullptr},
                         {"detail", nullptr},
                         {"bytes_in", 517},
                         {"bytes_out", 18'446'744'073'709'551'615ULL},
                         {"exchange", 1},
                         {"queue_us", 11},
                         {"dns_us", 2'002},
                         {"connect_us", 30'500},
                         {"tls_us", 0},
                         {"first_byte_us", 4},
                         {"total_us", 1'234'567}};
  EXPECT_EQ(line, expected);
}

TEST(AccessRecord, SaysWhoseFaultAnErrorIs) {
  AccessRecord record = tunnel();
  record.origin.reset();
  record.error = base::Error{base::ErrorCode::kConnectRefused, base::Party::kOrigin, ECONNREFUSED,
                             "example.com:443 refused the connection"};
  const json line = json::parse(format_record(record, LogFormat::kJson));
  EXPECT_EQ(line["origin"], nullptr);
  EXPECT_EQ(line["fault"], "origin");
  EXPECT_EQ(line["cause"], "connect_refused");
  EXPECT_EQ(line["errno"], "ECONNREFUSED");
  EXPECT_EQ(line["detail"], "example.com:443 refused the connection");
}

TEST(AccessRecord, KeepsTheOrderOfJsonKeys) {
  const std::string line = format_record(tunnel(), LogFormat::kJson);
  EXPECT_EQ(line.find(R"({"time":"2026-02-28T23:59:58.007Z","id":"7f3a-12","client":)"), 0U);
  EXPECT_THAT(line, testing::EndsWith(R"("first_byte_us":4,"total_us":1234567})"));
}

TEST(AccessRecord, EscapesWireBytesInEveryFormat) {
  for (const LogFormat format : {LogFormat::kJson, LogFormat::kText, LogFormat::kSquid}) {
    const std::string line = format_record(hostile(), format);
    for (const char c : line) {
      ASSERT_TRUE(c >= 0x20 && c < 0x7f) << "octet " << static_cast<int>(c) << " in " << line;
    }
  }
}

TEST(AccessRecord, KeepsHostileBytesInsideTheirJsonValue) {
  const json line = json::parse(format_record(hostile(), LogFormat::kJson));
  EXPECT_EQ(line.size(), 23U);
  EXPECT_EQ(line["id"].get<std::string>().substr(0, 4), "\x1b[2J");
  EXPECT_THAT(line["target"].get<std::string>(), HasSubstr("{\"id\":\"forged\"}"));
  EXPECT_EQ(line["status"], 200);
}

TEST(AccessRecord, CutsLongValues) {
  AccessRecord record = tunnel();
  record.target.assign(100'000, 'a');
  for (const LogFormat format : {LogFormat::kJson, LogFormat::kText, LogFormat::kSquid}) {
    EXPECT_LT(format_record(record, format).size(), 2'000U);
  }
  EXPECT_EQ(json::parse(format_record(record, LogFormat::kJson))["status"], 200);
}

TEST(AccessRecord, ReadsAsText) {
  EXPECT_EQ(format_record(tunnel(), LogFormat::kText),
            "2026-02-28T23:59:58.007Z 7f3a-12 10.1.2.3:50000 CONNECT example.com:443 -> "
            "[2606:4700::1]:443 200 allow rule=default in=517 out=18446744073709551615 exchange=1 "
            "queue=0.011ms dns=2.002ms connect=30.500ms tls=0.000ms first_byte=0.004ms "
            "total=1234.567ms");
}

TEST(AccessRecord, TellsAMisrouteWithItsEntry) {
  AccessRecord record = tunnel();
  record.misroute = "listed:10.0.0.0/16";
  EXPECT_EQ(json::parse(format_record(record, LogFormat::kJson))["misroute"], "listed:10.0.0.0/16");
  EXPECT_THAT(format_record(record, LogFormat::kText),
              testing::EndsWith("total=1234.567ms misroute=listed:10.0.0.0/16"));
}

TEST(AccessRecord, ListsLintsWhereThereAreSome) {
  AccessRecord record = tunnel();
  EXPECT_FALSE(json::parse(format_record(record, LogFormat::kJson)).contains("lints"));
  record.lints.add(http::Lint::kHostReplaced);
  record.lints.add(http::Lint::kFramingDropped);
  const json expected = {"host_replaced", "framing_dropped"};
  EXPECT_EQ(json::parse(format_record(record, LogFormat::kJson))["lints"], expected);
  EXPECT_THAT(format_record(record, LogFormat::kText),
              testing::EndsWith("ms lint=host_replaced lint=framing_dropped"));
}

TEST(AccessRecord, TellsTheErrorAtTheEndOfText) {
  AccessRecord record = tunnel();
  record.error = base::Error{base::ErrorCode::kOriginReset, base::Party::kOrigin, ECONNRESET,
                             "example.com:443 reset the connection"};
  EXPECT_THAT(format_record(record, LogFormat::kText),
              testing::EndsWith("fault=origin cause=origin_reset errno=ECONNRESET "
                                "detail=\"example.com:443 reset the connection\""));
}

TEST(AccessRecord, HasSpacesOnlyBetweenFields) {
  const auto spaces = [](const AccessRecord& record, LogFormat format) {
    const std::string line = format_record(record, format);
    return std::count(line.begin(), line.end(), ' ');
  };
  AccessRecord spaced = tunnel();
  spaced.target = "a b c";
  spaced.method = "G E T";
  EXPECT_EQ(spaces(spaced, LogFormat::kText), spaces(tunnel(), LogFormat::kText));
  EXPECT_EQ(spaces(spaced, LogFormat::kSquid), spaces(tunnel(), LogFormat::kSquid));
}

TEST(AccessRecord, FollowsSquidsNativeFormat) {
  EXPECT_EQ(format_record(tunnel(), LogFormat::kSquid),
            "1772323198.007   1234 10.1.2.3 TCP_TUNNEL/200 18446744073709551615 CONNECT "
            "example.com:443 - HIER_DIRECT/2606:4700::1 -");
}

struct SquidCase {
  policy::Verdict verdict;
  const char* method;
  std::optional<base::ErrorCode> error;
  int status;
  const char* result;
};

TEST(AccessRecord, MapsOutcomesToSquidsResultCodes) {
  using base::ErrorCode;
  const SquidCase cases[] = {
      {policy::Verdict::kDeny, "CONNECT", ErrorCode::kDenied, 403, " TCP_DENIED/403 "},
      {policy::Verdict::kAllow, "GET", std::nullopt, 200, " TCP_MISS/200 "},
      {policy::Verdict::kWouldDeny, "CONNECT", std::nullopt, 200, " TCP_TUNNEL/200 "},
      {policy::Verdict::kAllow, "GET", ErrorCode::kDnsNotFound, 502, " TCP_MISS/502 "},
      {policy::Verdict::kAllow, "GET", ErrorCode::kClientClosed, 200, " TCP_MISS_ABORTED/200 "},
      {policy::Verdict::kAllow, "CONNECT", ErrorCode::kIdleTimeout, 200,
       " TCP_TUNNEL_TIMEDOUT/200 "},
      {policy::Verdict::kNeedsAddress, "-", ErrorCode::kBadRequest, 400, " NONE_NONE/400 "},
      {policy::Verdict::kNeedsAddress, "-", ErrorCode::kClientTimeout, 0, " NONE_NONE/000 "},
  };
  for (const SquidCase& c : cases) {
    AccessRecord record = tunnel();
    record.verdict = c.verdict;
    record.method = c.method;
    record.status = c.status;
    if (c.error) record.error = base::Error{*c.error, base::Party::kClient, 0, ""};
    EXPECT_THAT(format_record(record, LogFormat::kSquid), HasSubstr(c.result));
  }
}

TEST(AccessRecord, WritesAnEmptyRecordWithoutEmptyFields) {
  const AccessRecord empty;
  EXPECT_THAT(format_record(empty, LogFormat::kSquid), HasSubstr("- - - HIER_NONE/- -"));
  EXPECT_THAT(format_record(empty, LogFormat::kText), Not(HasSubstr("  ")));
  EXPECT_EQ(json::parse(format_record(empty, LogFormat::kJson))["time"],
            "1970-01-01T00:00:00.000Z");
}

}  // namespace
}  // namespace proxy
