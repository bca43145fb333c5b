#include "net/block_pool.h"

#include <array>
#include <cstdint>
#include <new>

// Sanitizers must see every block come and go.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SLUICE_BLOCKS_FROM_HEAP
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SLUICE_BLOCKS_FROM_HEAP
#endif
#endif

namespace net {
namespace {

constinit thread_local std::ptrdiff_t out = 0;

}  // namespace

std::ptrdiff_t blocks_out() { return out; }

#ifdef SLUICE_BLOCKS_FROM_HEAP

void* take_block(std::size_t octets) {
  ++out;
  return ::operator new(octets);
}

void give_block(void* block, std::size_t) noexcept {
  --out;
  ::operator delete(block);
}

#else

namespace {

constexpr std::size_t kStep = 128;
constexpr std::size_t kLargest = 16 * 1024;
constexpr std::size_t kSizes = kLargest / kStep;

// Spare blocks of a size; more are freed, so that a burst does not hold memory for ever. There are
// about a dozen sizes in use, of which one has 16 KiB.
constexpr std::uint32_t kMaxSpare = 64;

class Pool {
 public:
  ~Pool() {
    for (List& list : lists_) {
      while (void* block = list.pop()) ::operator delete(block);
    }
  }

  void* take(std::size_t size) {
    void* block = lists_[size].pop();
    return block != nullptr ? block : ::operator new((size + 1) * kStep);
  }

  void give(void* block, std::size_t size) noexcept {
    if (!lists_[size].push(block)) ::operator delete(block);
  }

 private:
  struct Spare {
    Spare* next;
  };
  class List {
   public:
    void* pop() {
      if (first_ == nullptr) return nullptr;
      Spare* spare = first_;
      first_ = spare->next;
      --count_;
      return spare;
    }
    // False when there are enough.
    bool push(void* block) {
      if (count_ == kMaxSpare) return false;
      first_ = new (block) Spare{first_};
      ++count_;
      return true;
    }

   private:
    Spare* first_ = nullptr;
    std::uint32_t count_ = 0;
  };

  std::array<List, kSizes> lists_;
};

Pool& pool() {
  thread_local Pool of_this_thread;
  return of_this_thread;
}

// Blocks of one size serve all requests that round up to it.
std::size_t size_of(std::size_t octets) { return (octets - 1) / kStep; }

}  // namespace

void* take_block(std::size_t octets) {
  ++out;
  return octets - 1 < kLargest ? pool().take(size_of(octets)) : ::operator new(octets);
}

void give_block(void* block, std::size_t octets) noexcept {
  --out;
  octets - 1 < kLargest ? pool().give(block, size_of(octets)) : ::operator delete(block);
}

#endif

}  // namespace net
