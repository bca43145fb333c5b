#include "proxy/admission.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace proxy {
namespace {

using namespace std::chrono_literals;
using Verdict = Admission::Verdict;

constexpr base::Instant kNow{1h};

class AdmissionTest : public testing::Test {
 protected:
  Verdict enter(const std::string& client) { return admission.enter(client, limits, now).verdict; }
  std::uint32_t enter_all(const std::string& client) {
    for (std::uint32_t count = 0;; ++count) {
      if (enter(client) == Verdict::kAdmitted) continue;
      admission.leave(client);
      return count;
    }
  }
  Admission admission;
  Admission::Limits limits{.total = 10, .per_client = 2};
  base::Instant now = kNow;
};

TEST_F(AdmissionTest, HasALimitPerClient) {
  EXPECT_EQ(enter_all("a"), 2U);
  EXPECT_EQ(enter_all("b"), 2U);
  for (const char* client : {"a", "a", "b", "b"}) admission.leave(client);
  EXPECT_EQ(admission.total(), 0U);
}

TEST_F(AdmissionTest, LeavesRoomForOthersWhereNoLimitIsSet) {
  limits = {.total = 800, .per_client = 0};
  EXPECT_EQ(enter_all("greedy"), 750U);
  EXPECT_EQ(enter("greedy"), Verdict::kBeyondShare);
  admission.leave("greedy");
  EXPECT_EQ(enter_all("another"), 47U);
  EXPECT_EQ(enter("polite"), Verdict::kAdmitted);
}

TEST_F(AdmissionTest, SaysWhenAClientIsNearItsLimit) {
  limits = {.total = 1000, .per_client = 104};
  std::vector<std::uint32_t> said;
  for (std::uint32_t count = 1; count <= 104; ++count) {
    const auto entry = admission.enter("a", limits, now);
    EXPECT_EQ(entry.connections, count);
    EXPECT_EQ(entry.most, 104U);
    if (entry.crowd == Admission::Entry::Crowd::kNearlyFull) said.push_back(count);
  }
  EXPECT_EQ(said, std::vector<std::uint32_t>{84});
}

TEST_F(AdmissionTest, CountsAClientByItsNameOnceThatIsKnown) {
  EXPECT_EQ(enter_all("address"), 2U);
  EXPECT_EQ(admission.move("address", "name", limits, now).verdict, Verdict::kAdmitted);
  EXPECT_EQ(enter("address"), Verdict::kAdmitted);
  EXPECT_EQ(admission.move("address", "name", limits, now).verdict, Verdict::kAdmitted);
  EXPECT_EQ(admission.move("address", "name", limits, now).verdict, Verdict::kTooManyPerClient);
  EXPECT_EQ(admission.total(), 3U);
  for (int i = 0; i < 3; ++i) admission.leave("name");
  EXPECT_EQ(admission.total(), 0U);
}

TEST_F(AdmissionTest, BoundsNewConnectionsASecond) {
  limits = {.total = 1000, .per_client = 0, .connections_per_second = 5};
  EXPECT_EQ(enter_all("a"), 5U) << "at once, after a pause";
  EXPECT_EQ(enter("b"), Verdict::kAdmitted);
  now += 200ms;
  EXPECT_EQ(enter_all("a"), 1U);
  now += 10s;
  for (int i = 0; i < 6; ++i) admission.leave("a");
  EXPECT_EQ(enter_all("a"), 5U);
  for (int i = 0; i < 5; ++i) admission.leave("a");
  EXPECT_EQ(enter("a"), Verdict::kTooFast) << "leaving is no pause";
}

TEST_F(AdmissionTest, BoundsWhatIsDoneASecond) {
  enter("a");
  const auto allowed = [&](Admission::Deed deed) {
    int count = 0;
    while (admission.allows("a", deed, 3, now)) ++count;
    return count;
  };
  EXPECT_EQ(allowed(Admission::Deed::kRequest), 3);
  EXPECT_EQ(allowed(Admission::Deed::kHandshake), 3);
  now += 1s;
  EXPECT_EQ(allowed(Admission::Deed::kRequest), 3);
}

}  // namespace
}  // namespace proxy
