#include "net/pipe_pool.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <vector>

namespace net {
namespace {

TEST(PipePool, LendsNoMoreThanItsCap) {
  PipePool pool(2);
  auto first = pool.borrow();
  auto second = pool.borrow();
  EXPECT_NE(first, nullptr);
  EXPECT_NE(second, nullptr);
  EXPECT_EQ(pool.borrow(), nullptr);
  EXPECT_EQ(pool.borrowed(), 2U);
  pool.give_back(std::move(first));
  EXPECT_NE(pool.borrow(), nullptr);
}

TEST(PipePool, ReusesAnEmptyPipe) {
  PipePool pool(1);
  auto pipe = pool.borrow();
  const int end = pipe->read_end();
  pool.give_back(std::move(pipe));
  EXPECT_EQ(pool.borrow()->read_end(), end);
}

TEST(PipePool, NeverLendsAPipeWithSomeoneElsesOctets) {
  PipePool pool(1);
  auto pipe = pool.borrow();
  ASSERT_EQ(::write(pipe->write_end(), "secret", 6), 6);
  pipe->held = 6;
  pool.give_back(std::move(pipe));
  pipe = pool.borrow();
  char octet = 0;
  EXPECT_EQ(::read(pipe->read_end(), &octet, 1), -1);
  EXPECT_EQ(pipe->held, 0U);
}

}  // namespace
}  // namespace net
