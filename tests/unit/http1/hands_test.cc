#include "http1/hands.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <string>

namespace http1 {
namespace {

using Weight = Hands::Weight;

const base::IpAddress kOne = base::IpAddress::parse("192.0.2.1").value();
const base::IpAddress kTwo = base::IpAddress::parse("192.0.2.2").value();

TEST(Hands, LetClientsTakeTurns) {
  std::string order;
  std::latch busy(1);
  std::latch begin(1);
  std::latch done(6);
  const auto note = [&](char c) {
    return [&order, &done, c] {
      order += c;  // of one thread only
      done.count_down();
    };
  };
  Hands hands(1);
  hands.give(kOne, Weight::kLight, [&] {
    busy.count_down();
    begin.wait();
    done.count_down();
  });
  busy.wait();
  for (const char c : {'a', 'b', 'c'}) hands.give(kOne, Weight::kLight, note(c));
  for (const char c : {'x', 'y'}) hands.give(kTwo, Weight::kLight, note(c));
  begin.count_down();
  done.wait();
  EXPECT_EQ(order, "axbyc");
}

TEST(Hands, DoOneHeavyPieceAtATimeAndLightOnesBesideIt) {
  std::latch heavy_may_end(1);
  std::latch light_done(1);
  std::latch all_done(2);
  std::atomic<int> heavy_now = 0;
  const auto heavy = [&] {
    EXPECT_EQ(++heavy_now, 1);
    heavy_may_end.wait();
    --heavy_now;
    all_done.count_down();
  };
  Hands hands(3);
  hands.give(kOne, Weight::kHeavy, heavy);
  hands.give(kTwo, Weight::kHeavy, heavy);
  hands.give(kOne, Weight::kLight, [&] { light_done.count_down(); });
  light_done.wait();
  heavy_may_end.count_down();
  all_done.wait();
}

TEST(Hands, DropWhatHasNotBegunAtTheirEnd) {
  std::atomic<int> ran = 0;
  std::latch running(1);
  std::latch may_end(1);
  auto hands = std::make_unique<Hands>(1);
  hands->give(kOne, Weight::kLight, [&] {
    running.count_down();
    may_end.wait();
    ++ran;
  });
  running.wait();
  std::thread ending([&] { hands.reset(); });
  may_end.count_down();
  ending.join();
  EXPECT_EQ(ran, 1);
}

}  // namespace
}  // namespace http1
