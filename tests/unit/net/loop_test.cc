#include "net/loop.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "tests/unit/net/on_loop.h"

namespace net {
namespace {

TEST(Loop, RunsWorkPostedFromOtherThreads) {
  Loop loop;
  constexpr int kThreads = 4;
  constexpr int kEach = 500;
  int ran = 0;  // touched by the loop's thread only
  const auto own = std::this_thread::get_id();
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        loop.post([&] {
          EXPECT_EQ(std::this_thread::get_id(), own);
          if (++ran == kThreads * kEach) loop.stop();
        });
      }
    });
  }
  loop.run();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ran, kThreads * kEach);
}

TEST(Loop, StopsWhenAnotherThreadPostsIt) {
  Loop loop;
  std::thread other([&] { loop.post([&] { loop.stop(); }); });
  loop.run();
  other.join();
}

TEST(Loop, RunsPostedWorkInOrder) {
  Loop loop;
  std::vector<int> order;
  for (int i = 0; i < 5; ++i) loop.post([&, i] { order.push_back(i); });
  loop.post([&] { loop.stop(); });
  loop.run();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST(Loop, RunsDeferredWorkBeforeItWaits) {
  Loop loop;
  bool deferred = false;
  loop.post([&] {
    loop.defer([&] {
      // Deferring again must not wait for an event that never comes.
      loop.defer([&] {
        deferred = true;
        loop.stop();
      });
    });
    EXPECT_FALSE(deferred) << "not on the stack of whoever defers";
  });
  loop.run();
  EXPECT_TRUE(deferred);
}

TEST(Loop, DropsWhatIsStillQueuedWhenItIsDestroyed) {
  int ran = 0;
  {
    Loop loop;
    loop.defer([&] { ++ran; });
    loop.post([&] { ++ran; });
  }
  EXPECT_EQ(ran, 0) << "what it is about may be gone by then";
}

TEST(Loop, IsDestroyedCleanlyAfterAStopThatNothingRan) {
  Loop loop;
  loop.stop();
}

TEST(Loop, WakesForTimersAndSleepsWithoutThem) {
  Loop loop;
  const base::Instant before = base::steady_now();
  test::run_for(loop, base::Millis(50));
  EXPECT_GE(base::steady_now() - before, base::Millis(49));  // the loop's clock counts whole ms
  EXPECT_EQ(loop.timers().armed(), 0U);
  // After a while without timers the wheel is brought up to date, so that a new one is not late.
  std::thread other([&] { loop.post([&] { loop.stop(); }); });
  loop.run();
  other.join();
  test::run_for(loop, base::Millis(20));
}

// A watch of libuv's that changes what it waits for in its own callback, as c-ares' sockets do when
// a query has been sent: nothing but the loop itself can notice.
TEST(Loop, SeesToAGuestThatAsksForMoreInItsCallback) {
  Loop loop;
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
  ASSERT_EQ(::write(ends[1], "x", 1), 1);
  uv_poll_t watch;
  ASSERT_EQ(uv_poll_init(loop.raw(), &watch, ends[0]), 0);
  watch.data = &loop;
  const auto on_readable = [](uv_poll_t* handle, int, int) {
    uv_poll_stop(handle);
    static_cast<Loop*>(handle->data)->stop();
  };
  static uv_poll_cb then = on_readable;
  uv_poll_start(&watch, UV_WRITABLE,
                [](uv_poll_t* handle, int, int) { uv_poll_start(handle, UV_READABLE, then); });
  {
    const test::Watchdog watchdog(loop);
    loop.run();
  }
  uv_close(reinterpret_cast<uv_handle_t*>(&watch), nullptr);
  test::run_for(loop, base::Millis(1));
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(Loop, TellsTheTimeOfTheMonotonicClock) {
  Loop loop;
  test::run_for(loop, base::Millis(1));
  const auto difference = base::steady_now() - loop.now();
  EXPECT_LT(difference, std::chrono::seconds(5));
  EXPECT_GT(difference, std::chrono::seconds(-1));
}

}  // namespace
}  // namespace net
