#include "net/block_pool.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

namespace net {
namespace {

constexpr std::size_t kSizes[] = {1, 127, 128, 129, 1032, 4000, 16'384, 16'385, 100'000};

TEST(BlockPool, GivesBlocksThatAreAlignedAndNobodyElses) {
  for (const std::size_t octets : kSizes) {
    std::vector<void*> blocks;
    for (int i = 0; i < 100; ++i) blocks.push_back(take_block(octets));
    EXPECT_EQ(std::set<void*>(blocks.begin(), blocks.end()).size(), blocks.size()) << octets;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(blocks[i]) % alignof(std::max_align_t), 0U);
      std::memset(blocks[i], static_cast<int>(i), octets);
    }
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const auto* bytes = static_cast<const unsigned char*>(blocks[i]);
      EXPECT_EQ(bytes[0], i) << octets;
      EXPECT_EQ(bytes[octets - 1], i) << octets;
      give_block(blocks[i], octets);
    }
  }
}

TEST(BlockPool, TakesBlocksBackOnAnotherThread) {
  for (const std::size_t octets : kSizes) {
    void* block = take_block(octets);
    std::thread([block, octets] {
      give_block(block, octets);
      give_block(take_block(octets), octets);
    }).join();
  }
}

TEST(BlockPool, MakesBuffersThatKnowTheirSize) {
  Buffer buffer = make_buffer(16'384);
  std::memset(buffer.get(), 'x', 16'384);
  EXPECT_EQ(buffer.get_deleter().octets, 16'384U);
  buffer = make_buffer(32'768);
  EXPECT_EQ(buffer.get_deleter().octets, 32'768U);
}

}  // namespace
}  // namespace net
