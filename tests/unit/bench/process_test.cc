#include "bench/load/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <thread>

namespace load {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// Uses so much CPU time of the calling thread.
void work(milliseconds time) {
  timespec used{};
  do {
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  } while (used.tv_sec * 1'000'000'000 + used.tv_nsec < nanoseconds(time).count());
}

double millis(nanoseconds time) { return static_cast<double>(time.count()) / 1e6; }

TEST(CpuTime, CountsThreadsThatLiveOn) {
  const CpuTime before{{{1, milliseconds(10)}}, milliseconds(10), 1};
  const CpuTime after{{{1, milliseconds(15)}, {2, milliseconds(7)}}, milliseconds(20), 1};
  EXPECT_EQ(cpu_between(before, after), milliseconds(12));
}

TEST(CpuTime, TakesTheTicksWhenThreadsCameAndWentInBetween) {
  const CpuTime before{{{1, milliseconds(10)}}, milliseconds(10), 1};
  const CpuTime after{{{1, milliseconds(15)}}, milliseconds(500), 1};
  EXPECT_EQ(cpu_between(before, after), milliseconds(490));
}

TEST(CpuTime, OfThisProcessIncludesAThreadThatHasEnded) {
  const CpuTime before = cpu_time(::getpid());
  std::thread([] { work(milliseconds(200)); }).join();
  const double used = millis(cpu_between(before, cpu_time(::getpid())));
  EXPECT_GE(used, 180);
}

TEST(CpuTime, IncludesChildren) {
  const CpuTime before = cpu_time(::getpid());
  std::array<int, 2> done{};
  ASSERT_EQ(::pipe(done.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    work(milliseconds(200));
    [[maybe_unused]] const ssize_t put = ::write(done[1], "x", 1);
    for (;;) ::pause();
  }
  char octet = 0;
  ASSERT_EQ(::read(done[0], &octet, 1), 1);
  EXPECT_GE(millis(cpu_between(before, cpu_time(::getpid()))), 180);
  EXPECT_GT(pss_kib(::getpid()), pss_kib(child));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  for (const int fd : done) ::close(fd);
}

// All pages of this program's file, in memory.
void map_program() {
  const int file = ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  struct stat facts {};
  ASSERT_EQ(::fstat(file, &facts), 0);
  void* const mapped = ::mmap(nullptr, static_cast<size_t>(facts.st_size), PROT_READ,
                              MAP_PRIVATE | MAP_POPULATE, file, 0);
  ASSERT_NE(mapped, MAP_FAILED);
  ::close(file);
}

TEST(Pss, IsTheSameWhateverOthersMap) {
  std::array<int, 2> done{};
  ASSERT_EQ(::pipe(done.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    map_program();
    [[maybe_unused]] const ssize_t put = ::write(done[1], "x", 1);
    for (;;) ::pause();
  }
  char octet = 0;
  ASSERT_EQ(::read(done[0], &octet, 1), 1);
  const auto before = static_cast<double>(pss_kib(child));
  map_program();
  EXPECT_NEAR(static_cast<double>(pss_kib(child)), before, 100);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  for (const int fd : done) ::close(fd);
}

TEST(CpuTime, OfNobodyIsNothing) {
  EXPECT_FALSE(process_exists(0x3fffffff));
  EXPECT_TRUE(cpu_time(0x3fffffff).threads.empty());
  EXPECT_EQ(pss_kib(0x3fffffff), 0U);
}

}  // namespace
}  // namespace load
