// Relay buffers: borrowed when a descriptor is readable, returned when drained, so that an idle
// connection holds none. The pool's cap bounds the memory of all relays of a worker together, and
// clients share it (net/pot.h): whoever is refused waits in the line of its client, or does
// without.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "base/intrusive.h"
#include "net/pot.h"

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

  // What one client has of the pool, and who of its relays waits for more. Outlives those.
  class Claim : private base::ListNode {
   private:
    friend class ChunkPool;
    friend class base::IntrusiveList<Claim>;
    PotShare share_;
    base::IntrusiveList<Waiter> waiters_;
  };

  ChunkPool(Loop& loop, std::uint32_t max_chunks) : loop_(loop), pot_(max_chunks) {}
  ChunkPool(const ChunkPool&) = delete;
  ChunkPool& operator=(const ChunkPool&) = delete;

  // nullptr when the client may have no more.
  std::unique_ptr<Chunk> borrow(Claim& claim);
  void give_back(std::unique_ptr<Chunk> chunk, Claim& claim);
  // `waiter` is told when the client may have one. It may be destroyed meanwhile.
  void wait(Waiter& waiter, Claim& claim);
  // A place for octets that are gone before the caller returns to the loop.
  Chunk& scratch();
  // `waiter` is told in the loop's next turn, after I/O of others.
  void wait_a_turn(Waiter& waiter);

  // `waiter` is not told any more.
  static void forget(Waiter& waiter) { waiter.unlink(); }

  size_t borrowed() const { return pot_.taken(); }

 private:
  // Spare chunks kept for reuse; more are freed, so that a burst does not hold memory for ever.
  static constexpr size_t kMaxSpare = 64;

  void tell_waiters();

  Loop& loop_;
  Pot pot_;
  std::vector<std::unique_ptr<Chunk>> spare_;
  std::unique_ptr<Chunk> scratch_;
  base::IntrusiveList<Claim> lines_;  // of clients with waiters
  base::IntrusiveList<Waiter> next_turn_;
};

}  // namespace net
