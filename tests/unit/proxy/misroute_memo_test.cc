#include "proxy/misroute_memo.h"

#include <gtest/gtest.h>

namespace proxy {
namespace {

RuntimePtr runtime(std::vector<std::string> no_proxy) {
  config::Config config;
  config.misroutes.no_proxy = std::move(no_proxy);
  return std::make_shared<const Runtime>(config, std::make_shared<TlsRuntime>(),
                                         std::vector<base::Endpoint>(),
                                         std::vector<base::IpAddress>());
}

http::Authority authority(std::string host, std::uint16_t port = 443) {
  const auto literal = base::IpAddress::parse(host);
  return {std::move(host), literal, port};
}

const std::vector<base::IpAddress> kInside = {base::IpAddress::v4({10, 0, 9, 9})};

TEST(MisrouteMemo, SaysTheSameAsTheJudgeEveryTime) {
  const RuntimePtr now = runtime({"example.com", "10.0.0.0/16", "db.test:5432"});
  MisrouteMemo memo;
  for (int round = 0; round < 2; ++round) {
    for (const http::Authority& target :
         {authority("a.example.com"), authority("10.0.3.4"), authority("db.test", 5432),
          authority("db.test", 443), authority("into.test"), authority("x.svc")}) {
      EXPECT_EQ(memo.judge(now, target, kInside), now->misroutes->judge(target, kInside))
          << target.to_string();
      EXPECT_EQ(memo.judge(now, target, {}), now->misroutes->judge(target, {}))
          << target.to_string();
    }
  }
  EXPECT_EQ(memo.size(), 6U);
}

TEST(MisrouteMemo, FollowsAReload) {
  MisrouteMemo memo;
  const http::Authority target = authority("later.test");
  EXPECT_FALSE(memo.judge(runtime({"example.com"}), target, {}));
  EXPECT_TRUE(memo.judge(runtime({"later.test"}), target, {}));
  EXPECT_FALSE(memo.judge(runtime({"example.com"}), target, {}));
}

TEST(MisrouteMemo, StaysBounded) {
  const RuntimePtr now = runtime({"example.com"});
  MisrouteMemo memo;
  for (int i = 0; i < 5'000; ++i) {
    (void)memo.judge(now, authority("h" + std::to_string(i) + ".test"), {});
    ASSERT_LE(memo.size(), MisrouteMemo::kMaxDestinations);
  }
}

}  // namespace
}  // namespace proxy
