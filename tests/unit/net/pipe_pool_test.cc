#include "net/pipe_pool.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <vector>

namespace net {
namespace {

TEST(PipePool, LendsNoMoreThanItsCap) {
  PipePool pool(2);
  PotShare share;
  auto first = pool.borrow(share);
  auto second = pool.borrow(share);
  EXPECT_NE(first, nullptr);
  EXPECT_NE(second, nullptr);
  EXPECT_EQ(pool.borrow(share), nullptr);
  EXPECT_EQ(pool.borrowed(), 2U);
  pool.give_back(std::move(first), share);
  EXPECT_NE(pool.borrow(share), nullptr);
}

TEST(PipePool, LendsLargePipesToTheFirst) {
  PipePool pool(24);
  PotShare share;
  std::vector<std::unique_ptr<Pipe>> lent;
  lent.reserve(17);
  for (int i = 0; i < 17; ++i) {
    lent.push_back(pool.borrow(share));
    ASSERT_NE(lent.back(), nullptr);
  }
  const auto capacity = [](const Pipe& pipe) { return ::fcntl(pipe.write_end(), F_GETPIPE_SZ); };
  EXPECT_EQ(capacity(*lent[15]), 1024 * 1024);
  EXPECT_EQ(capacity(*lent[16]), 256 * 1024);
}

TEST(PipePool, ReusesAnEmptyPipe) {
  PipePool pool(1);
  PotShare share;
  auto pipe = pool.borrow(share);
  const int end = pipe->read_end();
  pool.give_back(std::move(pipe), share);
  EXPECT_EQ(pool.borrow(share)->read_end(), end);
}

TEST(PipePool, NeverLendsAPipeWithSomeoneElsesOctets) {
  PipePool pool(1);
  PotShare share;
  auto pipe = pool.borrow(share);
  ASSERT_EQ(::write(pipe->write_end(), "secret", 6), 6);
  pipe->held = 6;
  pool.give_back(std::move(pipe), share);
  pipe = pool.borrow(share);
  char octet = 0;
  EXPECT_EQ(::read(pipe->read_end(), &octet, 1), -1);
  EXPECT_EQ(pipe->held, 0U);
}

}  // namespace
}  // namespace net
