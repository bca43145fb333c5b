#include "watch/learner.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <future>

#include "aks/learned_file.h"
#include "base/file.h"

namespace watch {
namespace {

using namespace std::chrono_literals;

class LearnerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(::testing::TempDir()) /
              (std::string("sluice-learner-") + test->name() + "-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    settings_.file = folder_ / "learned.json";
    settings_.interval = 24h;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  aks::Learned on_disk() const {
    const auto text = base::read_file(settings_.file, aks::kMaxLearnedBytes);
    EXPECT_TRUE(text) << (text ? "" : text.error().detail);
    auto learned = aks::parse_learned(text ? *text : "", 1000);
    EXPECT_TRUE(learned) << (learned ? "" : learned.error().detail);
    return learned ? *learned : aks::Learned(0);
  }

  std::filesystem::path folder_;
  config::Learn settings_;
};

aks::Learned table(std::string_view host) {
  aks::Learned learned(1000);
  learned.add({host, 443, aks::LearnedMethod::kConnect, aks::LearnedVerdict::kAllow, {}, {}});
  return learned;
}

TEST_F(LearnerTest, WritesWhatIsLeftAtTheEnd) {
  auto learner = Learner::open(settings_);
  ASSERT_TRUE(learner) << learner.error().detail;
  EXPECT_EQ(on_disk().destinations().size(), 0U) << "the file is there from the start";
  (*learner)->start([](const auto&) { return 0U; });
  (*learner)->stop();
  (*learner)->finish({table("a"), table("b"), table("a")});
  EXPECT_EQ(on_disk().destinations().size(), 2U);
  EXPECT_EQ((*learner)->destinations(), 2U);
}

TEST_F(LearnerTest, ContinuesAnExistingFile) {
  for (int run = 0; run < 2; ++run) {
    auto learner = Learner::open(settings_);
    ASSERT_TRUE(learner) << learner.error().detail;
    (*learner)->finish({table("a")});
  }
  EXPECT_EQ(on_disk().destinations().begin()->second.allowed, 2U);
}

TEST_F(LearnerTest, WritesNowAndThenWhatWorkersPutIntoTheBasket) {
  settings_.interval = 1ms;
  auto learner = Learner::open(settings_);
  ASSERT_TRUE(learner);
  std::promise<void> twice;
  int rounds = 0;
  (*learner)->start([&](const std::shared_ptr<LearnedBasket>& basket) -> std::size_t {
    // The second round begins once the first has been written.
    if (++rounds == 2) twice.set_value();
    if (rounds > 1) return 0;
    basket->put(table("a"));
    return 1;
  });
  ASSERT_EQ(twice.get_future().wait_for(30s), std::future_status::ready);
  EXPECT_EQ(on_disk().destinations().size(), 1U);
  (*learner)->stop();
}

TEST(LearnedBasket, KeepsATableThatCameLateForTheNextRound) {
  LearnedBasket basket;
  EXPECT_TRUE(basket.take(1, 1ms).empty());
  basket.put(table("late"));
  EXPECT_EQ(basket.take(1, 1ms).size(), 1U);
}

TEST_F(LearnerTest, RefusesAFileOfAnotherKindAndLeavesItAlone) {
  ASSERT_TRUE(base::replace_file(settings_.file, "precious notes", base::FileAccess::kOwner));
  const auto learner = Learner::open(settings_);
  ASSERT_FALSE(learner);
  EXPECT_NE(learner.error().detail.find("learned.json"), std::string::npos);
  EXPECT_EQ(*base::read_file(settings_.file, 100), "precious notes");
}

TEST_F(LearnerTest, SaysAtOnceThatAPlaceCannotBeWritten) {
  settings_.file = folder_ / "no such folder" / "learned.json";
  EXPECT_FALSE(Learner::open(settings_));
}

}  // namespace
}  // namespace watch
