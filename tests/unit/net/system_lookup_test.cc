#include "net/system_lookup.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <vector>

#include "tests/unit/net/on_loop.h"

namespace net {
namespace {

const std::vector<base::IpAddress> kLoopback{base::IpAddress::v4({127, 0, 0, 1})};

TEST(SystemLookup, TakesALiteralAsItIs) {
  Loop loop;
  const auto found = test::run(loop, system_lookup(loop, "127.0.0.1", base::kNever));
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, kLoopback);
}

TEST(SystemLookup, AsksTheSystem) {
  Loop loop;
  const auto found = test::run(loop, system_lookup(loop, "localhost", base::kNever));
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_FALSE(found->empty());
}

TEST(SystemLookup, SaysWhyThereIsNoAddress) {
  Loop loop;
  const auto ask = [](const std::string&) -> Addresses {
    return base::fail(base::ErrorCode::kDnsNotFound, base::Party::kOrigin, "no such name");
  };
  const auto found = test::run(loop, system_lookup(loop, "no.test", base::kNever, ask));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, base::ErrorCode::kDnsNotFound);
}

// A resolver that never answers: neither other look-ups nor the end of the loop wait for it, or
// this test would never end.
TEST(SystemLookup, LeavesBehindWhatIsNotAnswered) {
  std::promise<void> answering;
  const std::shared_future<void> answered(answering.get_future());
  std::vector<std::future<void>> ended;
  {
    Loop loop;
    for (int n = 0; n < 16; ++n) {
      auto over = std::make_shared<std::promise<void>>();
      ended.push_back(over->get_future());
      const auto ask = [answered, over](const std::string&) -> Addresses {
        answered.wait();
        over->set_value();
        return kLoopback;
      };
      const auto soon = loop.now() + base::Millis(1);
      const auto found = test::run(loop, system_lookup(loop, "silent.test", soon, ask));
      ASSERT_FALSE(found);
      EXPECT_EQ(found.error().code, base::ErrorCode::kDnsTimeout);
    }
    const auto found = test::run(loop, system_lookup(loop, "localhost", base::kNever));
    EXPECT_TRUE(found) << "the others are in nobody's way";
  }
  answering.set_value();
  for (auto& each : ended) each.wait();
}

}  // namespace
}  // namespace net
