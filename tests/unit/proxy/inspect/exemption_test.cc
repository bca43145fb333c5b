#include "proxy/inspect/exemption.h"

#include <gtest/gtest.h>

#include <string>

namespace proxy::inspect {
namespace {

using namespace std::chrono_literals;

TEST(Exemption, NamesAloneExemptApiServersAndWhatIsListed) {
  config::Tls tls;
  tls.passthrough = {".bank.test"};
  EXPECT_EQ(exempt_by_name(tls, "www.bank.test"), Exemption::kListed);
  EXPECT_EQ(exempt_by_name(tls, "demo.hcp.westeurope.azmk8s.io"), Exemption::kApiServer);
  EXPECT_EQ(exempt_by_name(tls, "x.privatelink.westeurope.azmk8s.io"), Exemption::kApiServer);
  EXPECT_EQ(exempt_by_name(tls, "azmk8s.io.evil.test"), Exemption::kNone);
  EXPECT_EQ(exempt_by_name(tls, "mcr.microsoft.com"), Exemption::kNone);
}

TEST(Exemption, ForceLiftsWhatIsExemptByNatureButNotWhatIsListed) {
  config::Tls tls;
  tls.force = {".westeurope.azmk8s.io"};
  EXPECT_EQ(exempt_by_name(tls, "demo.hcp.westeurope.azmk8s.io"), Exemption::kNone);
  tls.passthrough = {"demo.hcp.westeurope.azmk8s.io"};
  EXPECT_EQ(exempt_by_name(tls, "demo.hcp.westeurope.azmk8s.io"), Exemption::kListed);
}

TEST(Memory, ForgetsAfterItsTime) {
  Memory memory;
  const base::Instant start{};
  EXPECT_TRUE(memory.note("a", start, start + 10s));
  EXPECT_FALSE(memory.note("a", start + 5s, start + 20s));
  EXPECT_TRUE(memory.has("a", start + 19s));
  EXPECT_FALSE(memory.has("a", start + 20s));
  EXPECT_TRUE(memory.note("a", start + 21s, start + 30s));
}

TEST(Memory, IsBoundedAndTheOldestMakeRoom) {
  Memory memory;
  const base::Instant start{};
  for (size_t i = 0; i <= Memory::kMaxKeys; ++i) {
    memory.note("key " + std::to_string(i), start, start + 1h);
  }
  EXPECT_FALSE(memory.has("key 0", start));
  EXPECT_TRUE(memory.has("key 1", start));
  EXPECT_TRUE(memory.has("key " + std::to_string(Memory::kMaxKeys), start));
}

}  // namespace
}  // namespace proxy::inspect
