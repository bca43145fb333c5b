#include "net/chunk_pool.h"

#include "net/loop.h"

namespace net {

std::unique_ptr<Chunk> ChunkPool::borrow() {
  if (borrowed_ >= max_chunks_) return nullptr;
  ++borrowed_;
  if (spare_.empty()) return std::unique_ptr<Chunk>(new Chunk);  // not zeroed
  auto chunk = std::move(spare_.back());
  spare_.pop_back();
  return chunk;
}

void ChunkPool::give_back(std::unique_ptr<Chunk> chunk) {
  --borrowed_;
  if (spare_.size() < kMaxSpare) spare_.push_back(std::move(chunk));
  if (waiters_.empty()) return;
  // Deferred: the giver is in the middle of its own work. One who is told may not want a chunk any
  // more, so all are told in turn until the chunks are gone.
  loop_.defer([this] {
    while (borrowed_ < max_chunks_ && !waiters_.empty()) {
      waiters_.pop_front().on_chunk_available();
    }
  });
}

void ChunkPool::wait_a_turn(Waiter& waiter) {
  if (next_turn_.empty()) {
    loop_.defer([this] {
      base::IntrusiveList<Waiter> due;
      due.take_all(next_turn_);
      while (!due.empty()) due.pop_front().on_chunk_available();
    });
  }
  next_turn_.push_back(waiter);
}

}  // namespace net
