#include "proxy/ledger.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace proxy {
namespace {

using base::ErrorCode;
using base::Party;
using nlohmann::json;

class LedgerTest : public testing::Test {
 protected:
  static Caller caller(base::Millis total = base::Millis(0)) {
    config::Config config;
    config.timeouts.total = total;
    return {std::make_shared<const Runtime>(config, std::make_shared<TlsRuntime>(),
                                            std::vector<base::Endpoint>(),
                                            std::vector<base::IpAddress>()),
            *base::Endpoint::parse("192.0.2.7:50000"), "spiffe://a", base::steady_now(), nullptr};
  }

  // The records written so far.
  std::vector<json> records() {
    log_->flush();
    std::vector<json> all;
    std::ifstream file(path_);
    for (std::string line; std::getline(file, line);) all.push_back(json::parse(line));
    return all;
  }

  std::uint64_t errors(ErrorCode code) { return metrics_.errors[static_cast<size_t>(code)].load(); }

  std::string path_ = testing::TempDir() + "ledger_test." + std::to_string(::getpid());
  std::unique_ptr<base::RecordLog> log_ = base::RecordLog::open(path_, 100).value();
  admin::Metrics metrics_;
  Ledger ledger_{metrics_, "7f3a-0-", log_.get()};

  ~LedgerTest() override { ::unlink(path_.c_str()); }
};

TEST_F(LedgerTest, ClosesAnAccountOnceWithItsRecord) {
  Account account = ledger_.open(caller(), 3);
  EXPECT_TRUE(account.is_open());
  account.record.method = "GET";
  account.record.verdict = policy::Verdict::kDeny;
  account.record.status = 403;
  account.close(base::Error{ErrorCode::kDenied, Party::kClient, 0, "no"});
  account.close(std::nullopt);
  EXPECT_FALSE(account.is_open());
  const auto all = records();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["id"], "7f3a-0-1");
  EXPECT_EQ(all[0]["client"], "192.0.2.7:50000");
  EXPECT_EQ(all[0]["identity"], "spiffe://a");
  EXPECT_EQ(all[0]["exchange"], 3);
  EXPECT_EQ(all[0]["verdict"], "deny");
  EXPECT_EQ(all[0]["cause"], "denied");
  EXPECT_EQ(metrics_.denied.load(), 1U);
  EXPECT_EQ(metrics_.responses[4].load(), 1U);
}

TEST_F(LedgerTest, RecordsWhatWasGivenUp) {
  { const Account forgotten = ledger_.open(caller(), 1); }
  const auto all = records();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["fault"], "proxy");
  EXPECT_EQ(all[0]["cause"], "cancelled");
  EXPECT_EQ(errors(ErrorCode::kCancelled), 1U);
}

TEST_F(LedgerTest, MovesAnAccountWithoutClosingIt) {
  Account first = ledger_.open(caller(), 1);
  first.record.target = "example.com:443";
  Account second = std::move(first);
  EXPECT_FALSE(first.is_open());  // NOLINT(bugprone-use-after-move): that is what is asked
  EXPECT_TRUE(second.is_open());
  EXPECT_TRUE(records().empty());
  second = ledger_.open(caller(), 2);  // gives the first up
  second.close(std::nullopt);
  const auto all = records();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0]["target"], "example.com:443");
  EXPECT_EQ(all[0]["cause"], "cancelled");
  EXPECT_EQ(all[1]["cause"], nullptr);
}

TEST_F(LedgerTest, BlamesTheTotalTimeForAWaitThatItEnded) {
  const base::Error waited{ErrorCode::kIdleTimeout, Party::kOrigin, 0, "silence"};
  Account soon = ledger_.open(caller(std::chrono::hours(1)), 1);
  EXPECT_EQ(soon.blame(waited).code, ErrorCode::kIdleTimeout);
  Caller before = caller(base::Millis(1));
  before.accepted -= std::chrono::seconds(1);
  Account late = ledger_.open(before, 1);
  EXPECT_EQ(late.blame(waited).code, ErrorCode::kTotalTimeout);
  EXPECT_EQ(late.blame({ErrorCode::kDenied, Party::kClient, 0, ""}).code, ErrorCode::kDenied);
  soon.close(std::nullopt);
  late.close(std::nullopt);
}

TEST(Counted, GivesAGaugeBackWithItself) {
  admin::Counter gauge{0};
  admin::Counted one(gauge);
  {
    admin::Counted other(gauge);
    EXPECT_EQ(gauge.load(), 2U);
    one = std::move(other);
    EXPECT_EQ(gauge.load(), 1U);
  }
  EXPECT_EQ(gauge.load(), 1U);
  one = {};
  EXPECT_EQ(gauge.load(), 0U);
}

}  // namespace
}  // namespace proxy
