#include "tls/rotation.h"

#include <gtest/gtest.h>

#include "tests/unit/tls/support.h"

namespace {

using namespace std::chrono_literals;
using tls::Fault;
using tls::RotationOrder;
using tls::RotationTrial;
using tls::Signer;
using tls::Trusted;
using tls_test::must;

class Rotation : public testing::Test {
 protected:
  tls::Authority ca(const std::string& name) const {
    return must(tls::Authority::create({name, now - 1h, now + 24h}));
  }
  std::vector<RotationTrial> try_all() const {
    return must(tls::try_rotation(old, next, must(tls::PeerName::parse("good.test")), now));
  }
  static const RotationOrder& order(const std::vector<RotationOrder>& orders,
                                    std::string_view name) {
    for (const RotationOrder& each : orders) {
      if (each.name == name) return each;
    }
    ADD_FAILURE() << "no order " << name;
    return orders.front();
  }

  base::WallTime now = base::wall_now();
  tls::Authority old = ca("Old");
  tls::Authority next = ca("New");
};

TEST_F(Rotation, TriesEachTrustWithEachSigner) {
  const auto trials = try_all();
  ASSERT_EQ(trials.size(), 6U);
  for (const RotationTrial& trial : trials) {
    const bool trusts = trial.trusted == Trusted::kBoth ||
                        (trial.trusted == Trusted::kOld) == (trial.signer == Signer::kOld);
    EXPECT_EQ(trial.fault, trusts ? Fault::kNone : Fault::kUntrustedRoot);
  }
}

TEST_F(Rotation, BreaksNobodyInOrder) {
  const auto orders = tls::rehearse_rotation(try_all());
  EXPECT_EQ(orders.front().name, "in order");
  EXPECT_FALSE(orders.front().breaks());
  EXPECT_EQ(orders.front().steps.size(), 3U);
}

TEST_F(Rotation, ShowsWhoBreaksWhenAStepIsLeftOut) {
  const auto orders = tls::rehearse_rotation(try_all());
  const auto broken = [&](std::string_view name, size_t step) {
    return order(orders, name).steps.at(step).broken;
  };
  const auto early = broken("signing before clients trust the new CA", 0);
  ASSERT_EQ(early.size(), 1U);
  EXPECT_EQ(early[0].trusted, Trusted::kOld);
  EXPECT_EQ(early[0].signer, Signer::kNew);
  const auto withdrawn = broken("withdrawing the old CA while it signs", 1);
  ASSERT_EQ(withdrawn.size(), 1U);
  EXPECT_EQ(withdrawn[0].trusted, Trusted::kNew);
  EXPECT_EQ(withdrawn[0].signer, Signer::kOld);
  EXPECT_EQ(broken("all at once", 0).size(), 2U);
  const auto hurried = broken("in order, without waiting for clients to restart", 1);
  ASSERT_EQ(hurried.size(), 1U);
  EXPECT_EQ(hurried[0].trusted, Trusted::kOld);
  EXPECT_EQ(hurried[0].signer, Signer::kNew);
}

TEST_F(Rotation, BreaksInOrderWhenClientsRefuseTheNewCaItself) {
  next = must(tls::Authority::create({"New", now + 1h, now + 24h}));
  const auto orders = tls::rehearse_rotation(try_all());
  EXPECT_TRUE(orders.front().breaks());
  EXPECT_EQ(orders.front().steps[1].broken.front().fault, Fault::kNotYetValid);
}

TEST_F(Rotation, RefusesHostsThatACaMayNotSignFor) {
  next = must(tls::Authority::create({"New", now - 1h, now + 24h, tls::KeyKind::kP256,
                                      must(tls::NameConstraints::parse({".other.test"}))}));
  const auto trials = tls::try_rotation(old, next, must(tls::PeerName::parse("good.test")), now);
  ASSERT_FALSE(trials);
  EXPECT_NE(trials.error().detail.find("exclude \"good.test\""), std::string::npos);
}

}  // namespace
