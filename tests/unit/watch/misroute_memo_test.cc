#include "watch/misroute_memo.h"

#include <gtest/gtest.h>

namespace watch {
namespace {

JudgePtr judge_of(const std::vector<std::string>& no_proxy) {
  return std::make_shared<const aks::MisrouteJudge>(no_proxy);
}

http::Authority authority(std::string host, std::uint16_t port = 443) {
  const auto literal = base::IpAddress::parse(host);
  return {std::move(host), literal, port};
}

const std::vector<base::IpAddress> kInside = {base::IpAddress::v4({10, 0, 9, 9})};

TEST(MisrouteMemo, SaysTheSameAsTheJudgeEveryTime) {
  const JudgePtr now = judge_of({"example.com", "10.0.0.0/16", "db.test:5432"});
  MisrouteMemo memo;
  for (int round = 0; round < 2; ++round) {
    for (const http::Authority& target :
         {authority("a.example.com"), authority("10.0.3.4"), authority("db.test", 5432),
          authority("db.test", 443), authority("into.test"), authority("x.svc")}) {
      EXPECT_EQ(memo.judge(now, target, kInside), now->judge(target, kInside))
          << target.to_string();
      EXPECT_EQ(memo.judge(now, target, {}), now->judge(target, {})) << target.to_string();
    }
  }
  EXPECT_EQ(memo.size(), 6U);
}

TEST(MisrouteMemo, FollowsAReload) {
  MisrouteMemo memo;
  const http::Authority target = authority("later.test");
  EXPECT_FALSE(memo.judge(judge_of({"example.com"}), target, {}));
  EXPECT_TRUE(memo.judge(judge_of({"later.test"}), target, {}));
  EXPECT_FALSE(memo.judge(judge_of({"example.com"}), target, {}));
}

TEST(MisrouteMemo, StaysBounded) {
  const JudgePtr now = judge_of({"example.com"});
  MisrouteMemo memo;
  for (int i = 0; i < 5'000; ++i) {
    (void)memo.judge(now, authority("h" + std::to_string(i) + ".test"), {});
    ASSERT_LE(memo.size(), MisrouteMemo::kMaxDestinations);
  }
}

}  // namespace
}  // namespace watch
