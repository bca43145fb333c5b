#include "aks/ca_review.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tls/authority.h"

namespace aks {
namespace {

using namespace std::chrono_literals;

class CaReviewTest : public testing::Test {
 protected:
  CaReview review(base::WallTime end, const std::vector<std::string>& constraints) const {
    const auto made = tls::Authority::create(
        {"Egress", now - 1h, end, tls::KeyKind::kP256, *tls::NameConstraints::parse(constraints)});
    return review_ca(made->chain(), now);
  }
  static std::vector<std::string> rules(const CaReview& review) {
    std::vector<std::string> out;
    for (const Finding& each : review.findings) out.push_back(each.rule);
    return out;
  }

  base::WallTime now = base::wall_now();
};

TEST_F(CaReviewTest, HasNothingAgainstANarrowCaWithTimeLeft) {
  EXPECT_EQ(rules(review(now + 9000h, {".good.test"})), std::vector<std::string>{});
}

TEST_F(CaReviewTest, NamesWhatWillBeWrong) {
  EXPECT_EQ(rules(review(now + 24h, {})),
            (std::vector<std::string>{"certificate-expires-soon", "ca-name-constraints"}));
  const CaReview expired = review(now - 1min, {".good.test"});
  EXPECT_EQ(rules(expired), std::vector<std::string>{"certificate-expired"});
  EXPECT_TRUE(has_errors(expired.findings));
}

TEST_F(CaReviewTest, SaysTheSameToPeopleAndPrograms) {
  const CaReview fine = review(now + 100h, {".good.test", "10.0.0.0/8"});
  const std::string text = review_text(fine, now);
  EXPECT_NE(text.find("  signs for    good.test, 10.0.0.0/8\n"), std::string::npos) << text;
  EXPECT_NE(text.find(", 4 days left\n"), std::string::npos) << text;
  const auto json = nlohmann::json::parse(review_json(fine, now))["certificates"][0];
  EXPECT_EQ(json["permitted"], (nlohmann::json{"good.test", "10.0.0.0/8"}));
  EXPECT_EQ(json["days_left"], 4);
  EXPECT_EQ(json["path_length"], 0);
}

}  // namespace
}  // namespace aks
