#include "cli/config_watch.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace cli {
namespace {

class ConfigWatchTest : public testing::Test {
 protected:
  ConfigWatchTest()
      : path_(std::filesystem::path(testing::TempDir()) /
              ("config_watch_" +
               std::string(testing::UnitTest::GetInstance()->current_test_info()->name()))) {
    write("first");
  }
  ~ConfigWatchTest() override { std::filesystem::remove(path_); }

  // In place, as an editor may.
  void write(const std::string& text) { std::ofstream(path_) << text; }
  // By another file, as an atomic write does.
  void replace(const std::string& text) {
    const std::filesystem::path fresh = path_.string() + ".new";
    std::ofstream(fresh) << text;
    std::filesystem::rename(fresh, path_);
  }

  std::filesystem::path path_;
};

TEST_F(ConfigWatchTest, AChangeCountsOnceAndWhenTwoLooksAgree) {
  ConfigWatch watch(path_);
  EXPECT_FALSE(watch.has_changed());
  replace("second");
  EXPECT_FALSE(watch.has_changed());
  EXPECT_TRUE(watch.has_changed());
  EXPECT_FALSE(watch.has_changed());
}

TEST_F(ConfigWatchTest, AFileThatIsStillWrittenHasNotChangedYet) {
  ConfigWatch watch(path_);
  write("second, a part");
  EXPECT_FALSE(watch.has_changed());
  write("second, a part and more");
  EXPECT_FALSE(watch.has_changed());
  EXPECT_TRUE(watch.has_changed());
}

TEST_F(ConfigWatchTest, AFileThatIsGoneHasNotChangedUntilItComesBackOther) {
  ConfigWatch watch(path_);
  std::filesystem::remove(path_);
  EXPECT_FALSE(watch.has_changed());
  EXPECT_FALSE(watch.has_changed());
  write("another");
  EXPECT_FALSE(watch.has_changed());
  EXPECT_TRUE(watch.has_changed());
}

TEST_F(ConfigWatchTest, WithoutAPathNothingChanges) {
  ConfigWatch watch("");
  EXPECT_FALSE(watch.has_changed());
  EXPECT_FALSE(watch.has_changed());
}

}  // namespace
}  // namespace cli
