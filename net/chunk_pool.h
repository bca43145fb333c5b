// Relay buffers: borrowed when a descriptor is readable, returned when drained, so that an idle
// connection holds none. The pool's cap bounds the memory of all relays of a worker together;
// whoever finds it empty waits in line.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "base/intrusive.h"

namespace net {

class Loop;

struct Chunk {
  static constexpr size_t kBytes = 16 * 1024;
  std::array<char, kBytes> bytes;
};

class ChunkPool {
 public:
  // Waits in line for a chunk, or for its turn; told once.
  class Waiter : private base::ListNode {
   public:
    virtual void on_chunk_available() = 0;

   protected:
    virtual ~Waiter() = default;

   private:
    friend class ChunkPool;
    friend class base::IntrusiveList<Waiter>;
  };

  ChunkPool(Loop& loop, size_t max_chunks) : loop_(loop), max_chunks_(max_chunks) {}
  ChunkPool(const ChunkPool&) = delete;
  ChunkPool& operator=(const ChunkPool&) = delete;

  // nullptr when the cap is reached.
  std::unique_ptr<Chunk> borrow();
  void give_back(std::unique_ptr<Chunk> chunk);
  // `waiter` is told when a chunk has come back. It may be destroyed meanwhile.
  void wait(Waiter& waiter) { waiters_.push_back(waiter); }
  // `waiter` is told in the loop's next turn, after I/O of others.
  void wait_a_turn(Waiter& waiter);

  // `waiter` is not told any more.
  static void forget(Waiter& waiter) { waiter.unlink(); }

  size_t borrowed() const { return borrowed_; }

 private:
  // Spare chunks kept for reuse; more are freed, so that a burst does not hold memory for ever.
  static constexpr size_t kMaxSpare = 64;

  Loop& loop_;
  size_t max_chunks_;
  size_t borrowed_ = 0;
  std::vector<std::unique_ptr<Chunk>> spare_;
  base::IntrusiveList<Waiter> waiters_;
  base::IntrusiveList<Waiter> next_turn_;
};

}  // namespace net
