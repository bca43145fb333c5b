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
  auto first = pool.borrow();
  auto second = pool.borrow();
  EXPECT_NE(first, nullptr);
  EXPECT_NE(second, nullptr);
  EXPECT_EQ(pool.borrow(), nullptr);
  EXPECT_EQ(pool.borrowed(), 2U);
  pool.give_back(std::move(first));
  EXPECT_NE(pool.borrow(), nullptr);
}

TEST(PipePool, LendsLargePipesToTheFirst) {
  PipePool pool(17);
  std::vector<std::unique_ptr<Pipe>> lent;
  lent.reserve(17);
  for (int i = 0; i < 17; ++i) {
    lent.push_back(pool.borrow());
    ASSERT_NE(lent.back(), nullptr);
  }
  const auto capacity = [](const Pipe& pipe) { return ::fcntl(pipe.write_end(), F_GETPIPE_SZ); };
  EXPECT_EQ(capacity(*lent[15]), 1024 * 1024);
  EXPECT_EQ(capacity(*lent[16]), 256 * 1024);
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
