#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/clock.h"
#include "base/file_in_time.h"

namespace base {
namespace {

class FileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(::testing::TempDir()) /
              (std::string("sluice-file-") + test->name() + "-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path(const char* name = "data") const { return folder_ / name; }
  std::size_t files() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      count += entry.path().empty() ? 0U : 1U;
    }
    return count;
  }

  std::filesystem::path folder_;
};

TEST_F(FileTest, ReadsBackWhatReplaced) {
  for (const std::string& text : {std::string("one"), std::string(100'000, 'x'), std::string()}) {
    ASSERT_TRUE(replace_file(path(), text, FileAccess::kOwner));
    const auto read = read_file(path(), 100'000);
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(*read, text);
  }
  EXPECT_EQ(files(), 1U) << "no temporary file is left";
}

TEST_F(FileTest, ReadsOneOctetMoreThanAllowedAtMost) {
  ASSERT_TRUE(replace_file(path(), std::string(100'000, 'x'), FileAccess::kOwner));
  EXPECT_EQ(read_file(path(), 200'000)->size(), 100'000U);
  EXPECT_EQ(read_file(path(), 99'999)->size(), 100'000U);
  EXPECT_EQ(read_file(path(), 20'000)->size(), 20'001U);
}

TEST_F(FileTest, SaysThatAFileIsMissing) {
  const auto read = read_file(path("nothing"), 10);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().cause, ENOENT);
  EXPECT_NE(read.error().detail.find(path("nothing")), std::string::npos);
}

TEST_F(FileTest, IsReadableToItsOwnerAloneUnlessForAll) {
  for (const auto& [access, mode] :
       {std::pair(FileAccess::kOwner, 0600U), std::pair(FileAccess::kAll, 0644U)}) {
    ASSERT_TRUE(replace_file(path(), "x", access));
    struct stat status {};
    ASSERT_EQ(::stat(path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U & ~mode, 0U);
  }
}

TEST_F(FileTest, KeepsTheOldFileWhenTheNewOneCannotBeWritten) {
  ASSERT_TRUE(replace_file(path(), "old", FileAccess::kOwner));
  // A directory where the temporary file would go: neither removed nor written.
  std::filesystem::create_directory(path("data.new"));
  const auto written = replace_file(path(), "new", FileAccess::kOwner);
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().detail.find(path()), std::string::npos);
  EXPECT_EQ(*read_file(path(), 10), "old");
}

TEST_F(FileTest, DoesNotWriteThroughALinkThatLiesWhereTheTemporaryFileGoes) {
  ASSERT_TRUE(replace_file(path("victim"), "precious", FileAccess::kOwner));
  std::filesystem::create_symlink(path("victim"), path("data.new"));
  ASSERT_TRUE(replace_file(path(), "new", FileAccess::kOwner));
  EXPECT_EQ(*read_file(path("victim"), 100), "precious");
  EXPECT_EQ(*read_file(path(), 100), "new");
}

TEST_F(FileTest, CreatesOnlyWhatIsNotThere) {
  ASSERT_TRUE(create_file(path(), "first", FileAccess::kOwner));
  std::filesystem::create_symlink(path("nowhere"), path("link"));
  for (const std::string& taken : {path(), path("link")}) {
    const auto created = create_file(taken, "second", FileAccess::kAll);
    ASSERT_FALSE(created);
    EXPECT_EQ(created.error().cause, EEXIST);
    EXPECT_NE(created.error().detail.find(taken), std::string::npos);
  }
  EXPECT_EQ(*read_file(path(), 100), "first");
  EXPECT_FALSE(std::filesystem::exists(path("nowhere")));
  EXPECT_EQ(create_file(path("no/such/directory"), "x", FileAccess::kAll).error().cause, ENOENT);
}

TEST_F(FileTest, WaitsForTheWriterOfAFifoNoLongerThanItMay) {
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  const Instant begin = steady_now();
  const auto nobody = read_file_in_time(path(), 100);
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().cause, ETIMEDOUT);
  EXPECT_NE(nobody.error().detail.find("a FIFO that nobody writes to"), std::string::npos);
  EXPECT_LT(steady_now() - begin, std::chrono::seconds(30));
  std::thread writer([this] {
    std::ofstream fifo(path());
    fifo << "written";
  });
  const auto text = read_file_in_time(path(), 100);
  writer.join();
  ASSERT_TRUE(text) << text.error().detail;
  EXPECT_EQ(*text, "written");
}

}  // namespace
}  // namespace base
