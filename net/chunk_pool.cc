#include "net/chunk_pool.h"

#include "net/loop.h"

namespace net {

std::unique_ptr<Chunk> ChunkPool::borrow(Claim& claim) {
  if (!pot_.take(claim.share_)) return nullptr;
  if (spare_.empty()) return std::unique_ptr<Chunk>(new Chunk);  // not zeroed
  auto chunk = std::move(spare_.back());
  spare_.pop_back();
  return chunk;
}

void ChunkPool::give_back(std::unique_ptr<Chunk> chunk, Claim& claim) {
  pot_.give_back(claim.share_);
  if (spare_.size() < kMaxSpare) spare_.push_back(std::move(chunk));
  // Deferred: the giver is in the middle of its own work.
  if (!lines_.empty()) loop_.defer([this] { tell_waiters(); });
}

void ChunkPool::wait(Waiter& waiter, Claim& claim) {
  claim.waiters_.push_back(waiter);
  lines_.push_back(claim);
}

Chunk& ChunkPool::scratch() {
  if (scratch_ == nullptr) scratch_.reset(new Chunk);  // not zeroed
  return *scratch_;
}

// One who is told may not want a chunk any more, so a client's waiters are told until it may have
// none; then it is the next client's turn.
void ChunkPool::tell_waiters() {
  base::IntrusiveList<Claim> lines;
  lines.take_all(lines_);
  while (!lines.empty()) {
    Claim& claim = lines.pop_front();
    while (!claim.waiters_.empty() && pot_.may_take(claim.share_)) {
      claim.waiters_.pop_front().on_chunk_available();
    }
    if (!claim.waiters_.empty()) lines_.push_back(claim);
  }
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
