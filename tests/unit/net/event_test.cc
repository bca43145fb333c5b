#include <gtest/gtest.h>

#include "net/await.h"
#include "tests/unit/net/on_loop.h"

namespace net {
namespace {

Task<Wake> wait_for(Event& event, base::Instant deadline) {
  Event::Awaiter waiter = event.wait(deadline);
  const Wake wake = co_await waiter;
  co_return wake;
}

TEST(Event, WakesItsWaiter) {
  Loop loop;
  Event event(loop);
  Task<Wake> waiting = wait_for(event, base::kNever);
  waiting.start();
  EXPECT_FALSE(waiting.done());
  event.set();
  ASSERT_TRUE(waiting.done());
  EXPECT_EQ(waiting.take(), Wake::kReady);
}

TEST(Event, IsNotWaitedForOnceSet) {
  Loop loop;
  Event event(loop);
  event.set();
  EXPECT_EQ(test::run(loop, wait_for(event, base::kNever)), Wake::kReady);
}

TEST(Event, WaitEndsAtTheDeadlineAndMayBeRepeated) {
  Loop loop;
  Event event(loop);
  EXPECT_EQ(test::run(loop, wait_for(event, loop.now() + base::Millis(10))), Wake::kTimeout);
  Task<Wake> again = wait_for(event, loop.now() + base::Millis(10'000));
  again.start();
  event.set();
  EXPECT_EQ(again.take(), Wake::kReady);
  EXPECT_EQ(loop.timers().armed(), 0U);
}

}  // namespace
}  // namespace net
