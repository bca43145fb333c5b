#include "base/log.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"

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

TEST_F(RecordLogTest, MakesAFileThatIsNotForEverybodyToRead) {
  const mode_t before = ::umask(0);
  auto log = RecordLog::open(path(), 16);
  ::umask(before);
  ASSERT_TRUE(log);
  struct stat file {};
  ASSERT_EQ(::stat(path().c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777U, 0640U);
}

TEST_F(RecordLogTest, DoesNotWaitForAReaderOfAFifo) {
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  const auto log = RecordLog::open(path(), 16);
  ASSERT_FALSE(log);
  EXPECT_NE(log.error().detail.find("a FIFO that nobody reads"), std::string::npos);
}

TEST_F(RecordLogTest, EndsAlthoughNobodyReads) {
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  const int reader = ::open(path().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  auto log = RecordLog::open(path(), 1000);
  ASSERT_TRUE(log);
  const std::string line(1000, 'x');
  for (int i = 0; i < 500; ++i) (*log)->write(line);  // more than a pipe holds
  const Instant begin = steady_now();
  log->reset();
  EXPECT_LT(steady_now() - begin, std::chrono::seconds(10));
  ::close(reader);
}

// A bound on files stands for a disk without room.
TEST_F(RecordLogTest, EndsALineThatBrokeOffBeforeTheNext) {
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, SIG_IGN);
  auto log = RecordLog::open(path(), 16);
  ASSERT_TRUE(log);
  const rlimit small{5, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  (*log)->write("first line");  // of which five octets fit
  (*log)->flush();
  ::setrlimit(RLIMIT_FSIZE, &before);
  (*log)->write("second");
  (*log)->flush();
  EXPECT_EQ(text(), "first\nsecond\n");
  EXPECT_EQ((*log)->dropped(), 1U);
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

// A reader that does not read, so that the writer is stuck in its first line.
class StuckReader {
 public:
  explicit StuckReader(const std::string& path) {
    EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
    fd_ = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  }
  ~StuckReader() { ::close(fd_); }

  void wait_for_the_first_octet() const {
    pollfd readable{fd_, POLLIN, 0};
    EXPECT_EQ(::poll(&readable, 1, 10'000), 1);
  }
  // Reads `lines` lines.
  std::string read(std::ptrdiff_t lines) const {
    std::string text;
    while (std::count(text.begin(), text.end(), '\n') < lines) {
      std::array<char, 65536> block;
      const ssize_t got = ::read(fd_, block.data(), block.size());
      if (got <= 0) break;
      text.append(block.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

 private:
  int fd_ = -1;
};

TEST_F(RecordLogTest, DropsTheOldestLinesWhenTheQueueIsFull) {
  const StuckReader reader(path());
  auto log = RecordLog::open(path(), 4);
  ASSERT_TRUE(log);
  const std::string larger_than_a_pipe(1 << 20, 'x');
  (*log)->write(larger_than_a_pipe);
  reader.wait_for_the_first_octet();
  for (int i = 0; i < 10; ++i) (*log)->write(std::to_string(i));
  EXPECT_EQ((*log)->dropped(), 6U);
  EXPECT_EQ(reader.read(5), larger_than_a_pipe + "\n6\n7\n8\n9\n");
}

TEST_F(RecordLogTest, WritesToTheOldFileWhatWasBeingWrittenAtReopening) {
  const StuckReader reader(path());
  auto log = RecordLog::open(path(), 4);
  ASSERT_TRUE(log);
  const std::string larger_than_a_pipe(1 << 20, 'x');
  (*log)->write(larger_than_a_pipe);
  reader.wait_for_the_first_octet();
  std::filesystem::rename(path(), path("access.log.1"));
  (*log)->reopen();
  (*log)->write("two");
  EXPECT_EQ(reader.read(1), larger_than_a_pipe + "\n");
  (*log)->flush();
  EXPECT_EQ(text(), "two\n");
}

TEST_F(RecordLogTest, CountsWhatTheDiskDoesNotTake) {
  auto log = RecordLog::open("/dev/full", 16);
  ASSERT_TRUE(log);
  (*log)->write("one");
  (*log)->write("two");
  (*log)->flush();
  EXPECT_EQ((*log)->dropped(), 2U);
}

TEST_F(RecordLogTest, KeepsTheLinesOfEachThreadInOrder) {
  constexpr int kThreads = 4;
  constexpr int kLines = 2'000;
  auto log = RecordLog::open(path(), kThreads * kLines);
  ASSERT_TRUE(log);
  std::vector<std::thread> writers;
  for (int thread = 0; thread < kThreads; ++thread) {
    writers.emplace_back([&log, thread] {
      for (int i = 0; i < kLines; ++i)
        (*log)->write(std::to_string(thread) + " " + std::to_string(i));
    });
  }
  for (std::thread& writer : writers) writer.join();
  log->reset();
  std::array<int, kThreads> next{};
  std::istringstream lines(text());
  for (int thread = 0, number = 0; lines >> thread >> number;)
    ASSERT_EQ(number, next.at(static_cast<std::size_t>(thread))++);
  EXPECT_THAT(next, testing::Each(kLines));
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
