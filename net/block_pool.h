// Memory for what comes and goes with every request: coroutine frames and buffers of message heads.
// Each thread keeps some of what it has freed, a list for every size (docs/design/net.md has what
// that saves over the heap).
#pragma once

#include <cstddef>
#include <memory>

namespace net {

// `octets` of memory, aligned for any type and not initialised.
void* take_block(std::size_t octets);

// Takes back what `take_block(octets)` gave, on whichever thread.
void give_block(void* block, std::size_t octets) noexcept;

// Blocks that this thread has taken, less those it has taken back.
std::ptrdiff_t blocks_out();

struct GiveBlock {
  std::size_t octets = 0;
  void operator()(char* block) const noexcept { give_block(block, octets); }
};

// A buffer of such memory; `get_deleter().octets` is its size.
using Buffer = std::unique_ptr<char[], GiveBlock>;
inline Buffer make_buffer(std::size_t octets) {
  return Buffer(static_cast<char*>(take_block(octets)), GiveBlock{octets});
}

}  // namespace net
