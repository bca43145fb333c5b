#include "base/log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace base {
namespace {

class RecordLogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(::testing::TempDir()) /
              (std::string("sluice-log-") + test->name() + "-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(const char* name = "access.log") const { return folder_ / name; }
  std::string text(const char* name = "access.log") const {
    std::ostringstream out;
    out << std::ifstream(path(name)).rdbuf();
    return out.str();
  }

  std::filesystem::path folder_;
};

TEST_F(RecordLogTest, WritesLinesInOrderAndAppends) {
  for (const char* line : {"one", "two {}"}) {
    auto log = RecordLog::open(path(), 16);
    ASSERT_TRUE(log) << log.error().detail;
    (*log)->write(line);
    (*log)->write("");
  }
  EXPECT_EQ(text(), "one\n\ntwo {}\n\n");
}

TEST_F(RecordLogTest, HasWrittenEverythingOnceFlushed) {
  auto log = RecordLog::open(path(), 16);
  ASSERT_TRUE(log);
  (*log)->write("one");
  (*log)->flush();
  EXPECT_EQ(text(), "one\n");
}

TEST_F(RecordLogTest, WritesToANewFileAfterRotation) {
  auto log = RecordLog::open(path(), 16);
  ASSERT_TRUE(log);
  (*log)->write("one");
  (*log)->flush();
  std::filesystem::rename(path(), path("access.log.1"));
  (*log)->reopen();
  (*log)->write("two");
  (*log)->flush();
  EXPECT_EQ(text("access.log.1"), "one\n");
  EXPECT_EQ(text(), "two\n");
}

TEST_F(RecordLogTest, KeepsTheOldFileWhenItCannotBeOpenedAgain) {
  auto log = RecordLog::open(path(), 16);
  ASSERT_TRUE(log);
  (*log)->write("one");
  (*log)->flush();
  std::filesystem::rename(path(), path("access.log.1"));
  std::filesystem::create_directory(path());
  (*log)->reopen();
  (*log)->write("two");
  (*log)->flush();
  EXPECT_EQ(text("access.log.1"), "one\ntwo\n");
}

TEST_F(RecordLogTest, FailsWithTheReasonWhenTheFileCannotBeOpened) {
  const auto log = RecordLog::open(folder_, 16);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, ErrorCode::kIo);
  EXPECT_EQ(log.error().party, Party::kProxy);
  EXPECT_NE(log.error().detail.find(folder_.string()), std::string::npos);
}

TEST_F(RecordLogTest, CountsWhatItDrops) {
  auto log = RecordLog::open(path(), 1);
  ASSERT_TRUE(log);
  constexpr int kLines = 20'000;
  for (int i = 0; i < kLines; ++i) (*log)->write("line");
  const std::uint64_t dropped = (*log)->dropped();
  log->reset();
  const std::string written = text();
  const auto lines = static_cast<std::uint64_t>(std::count(written.begin(), written.end(), '\n'));
  EXPECT_EQ(lines + dropped, std::uint64_t{kLines});
}

TEST_F(RecordLogTest, TakesNoCommandsFromALine) {
  {
    auto log = RecordLog::open(path(), 16);
    ASSERT_TRUE(log);
    (*log)->write("%v {0} %n");
  }
  EXPECT_EQ(text(), "%v {0} %n\n");
}

}  // namespace
}  // namespace base
