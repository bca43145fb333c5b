#include "proxy/admin/probes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "proxy/admin/health.h"

namespace {

using namespace std::chrono_literals;

base::Endpoint loopback(std::uint16_t port) { return {base::IpAddress::v4({127, 0, 0, 1}), port}; }

TEST(Probes, AnswersWhetherItLivesAndWhetherItIsReady) {
  std::atomic<bool> ready{true};
  const auto probes = proxy::admin::Probes::start(loopback(0), [&ready] { return ready.load(); });
  ASSERT_TRUE(probes.has_value());
  const base::Endpoint endpoint = (*probes)->endpoint();
  EXPECT_EQ(proxy::admin::ask_health(endpoint, "/livez", 5s).value(), 200);
  EXPECT_EQ(proxy::admin::ask_health(endpoint, "/readyz", 5s).value(), 200);
  ready = false;
  EXPECT_EQ(proxy::admin::ask_health(endpoint, "/livez", 5s).value(), 200);
  EXPECT_EQ(proxy::admin::ask_health(endpoint, "/readyz", 5s).value(), 503);
}

TEST(Probes, KnowsNoOtherPath) {
  const auto probes = proxy::admin::Probes::start(loopback(0), [] { return true; });
  ASSERT_TRUE(probes.has_value());
  for (const char* path : {"/", "/healthz", "/metrics", "/sessions", "/livez/", "/readyzz"}) {
    EXPECT_EQ(proxy::admin::ask_health((*probes)->endpoint(), path, 5s).value(), 404) << path;
  }
}

TEST(Probes, NamesTheKeyOfAnEndpointThatIsTaken) {
  const auto first = proxy::admin::Probes::start(loopback(0), [] { return true; });
  ASSERT_TRUE(first.has_value());
  const auto second = proxy::admin::Probes::start((*first)->endpoint(), [] { return true; });
  ASSERT_FALSE(second.has_value());
  EXPECT_THAT(second.error().detail, testing::HasSubstr("admin.probes"));
}

TEST(Probes, NobodyListeningIsAnErrorThatNamesTheEndpoint) {
  base::Endpoint gone;
  {
    const auto probes = proxy::admin::Probes::start(loopback(0), [] { return true; });
    ASSERT_TRUE(probes.has_value());
    gone = (*probes)->endpoint();
  }
  const auto status = proxy::admin::ask_health(gone, "/livez", 5s);
  ASSERT_FALSE(status.has_value());
  EXPECT_THAT(status.error().detail, testing::HasSubstr(gone.to_string()));
}

}  // namespace
