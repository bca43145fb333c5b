#include "net/task.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "net/io.h"
#include "net/socket.h"
#include "tests/unit/net/on_loop.h"

namespace net {
namespace {

using test::Live;

constexpr base::Millis kLong{60'000};

Task<int> number(Live /*live*/, int value) { co_return value; }

Task<int> sum_of_nested(Live live, int depth) {
  if (depth == 0) co_return 1;
  Task<int> inner = sum_of_nested(live, depth - 1);
  const int below = co_await inner;
  co_return below + 1;
}

Task<std::unique_ptr<std::string>> boxed(std::string text) {
  co_return std::make_unique<std::string>(std::move(text));
}

TEST(Task, DoesNotRunBeforeItIsStarted) {
  int live = 0;
  bool ran = false;
  struct Body {
    static Task<void> body(Live /*live*/, bool* flag) {
      *flag = true;
      co_return;
    }
  };
  Task<void> task = Body::body(Live(live), &ran);
  EXPECT_FALSE(ran);
  task.start();
  EXPECT_TRUE(ran);
  EXPECT_TRUE(task.done());
}

TEST(Task, DestroyedBeforeItsStartFreesItsParameters) {
  int live = 0;
  {
    Task<int> task = number(Live(live), 7);
    EXPECT_EQ(live, 1);
  }
  EXPECT_EQ(live, 0);
}

TEST(Task, GivesTheResultOfNestedTasks) {
  int live = 0;
  Loop loop;
  EXPECT_EQ(test::run(loop, sum_of_nested(Live(live), 50)), 51);
  EXPECT_EQ(live, 0);
}

TEST(Task, CarriesMoveOnlyResults) {
  Loop loop;
  EXPECT_EQ(*test::run(loop, boxed("forty-two")), "forty-two");
}

TEST(Task, TellsItsEndOnce) {
  int live = 0;
  int told = 0;
  Task<int> task = number(Live(live), 3);
  task.start([](void* count) { ++*static_cast<int*>(count); }, &told);
  EXPECT_EQ(told, 1);
  EXPECT_EQ(task.take(), 3);
}

TEST(Task, AssignmentCancelsWhatItReplaces) {
  int first = 0;
  int second = 0;
  Task<int> task = number(Live(first), 1);
  task = number(Live(second), 2);
  EXPECT_EQ(first, 0);
  EXPECT_EQ(second, 1);
}

Task<int> count_up(int rounds) {
  int live = 0;
  int total = 0;
  for (int i = 0; i < rounds; ++i) {
    Task<int> one = number(Live(live), 1);
    const int got = co_await one;
    total += got;
  }
  co_return total;
}

// A task that awaits what is always ready must not deepen the stack: it is what reading buffered
// input piece by piece does.
TEST(Task, AwaitsReadyTasksInConstantStack) {
  Loop loop;
  EXPECT_EQ(test::run(loop, count_up(300'000)), 300'000);
}

Task<void> sleeper(Live /*live*/, Loop& loop) {
  SleepAwaiter nap(loop, loop.now() + kLong);
  co_await nap;
}

Task<void> reader(Live /*live*/, Stream& stream) {
  std::array<char, 16> buffer{};
  Task<base::Result<size_t>> reading = read_some(stream, buffer, {kLong});
  const base::Result<size_t> got = co_await reading;
  (void)got;
}

Task<void> writer(Live /*live*/, Stream& stream) {
  const std::string flood(8 << 20, 'x');
  Task<base::Result<void>> writing = write_all(stream, flood, {kLong});
  const base::Result<void> put = co_await writing;
  (void)put;
}

Task<void> event_waiter(Live /*live*/, Event& event, Loop& loop) {
  Event::Awaiter wait = event.wait(loop.now() + kLong);
  co_await wait;
}

Task<void> outer(Live live, Task<void> inner) {
  const Live mine = live;
  co_await inner;
}

struct Cancelled : ::testing::Test {
  // Starts `task` nested two deep, destroys it while it waits, and expects nothing to be left.
  void expect_clean(Task<void> task) {
    Task<void> nested = outer(Live(live), outer(Live(live), std::move(task)));
    nested.start();
    EXPECT_FALSE(nested.done());
    EXPECT_GT(live, 0);
    EXPECT_EQ(loop.timers().armed(), 1U);
    nested.cancel();
    EXPECT_EQ(live, 0);
    EXPECT_EQ(loop.timers().armed(), 0U);
  }
  int live = 0;
  Loop loop;
};

TEST_F(Cancelled, WhileItSleeps) {
  Task<void> task = sleeper(Live(live), loop);
  expect_clean(std::move(task));
}

TEST_F(Cancelled, WhileItReads) {
  auto [near, far] = socket_pair(loop);
  Task<void> task = reader(Live(live), *near);
  expect_clean(std::move(task));
  // The edge that comes now finds nobody.
  ASSERT_EQ(far->try_write(std::array<std::string_view, 1>{"late"}).bytes, 4U);
  test::run_for(loop, base::Millis(1));
  EXPECT_TRUE(near->poll().ready(Ready::kRead));
}

TEST_F(Cancelled, WhileItWrites) {
  auto [near, far] = socket_pair(loop);
  Task<void> task = writer(Live(live), *near);
  expect_clean(std::move(task));
}

TEST_F(Cancelled, WhileItWaitsForAnEvent) {
  Event event(loop);
  Task<void> task = event_waiter(Live(live), event, loop);
  expect_clean(std::move(task));
  event.set();
}

}  // namespace
}  // namespace net
