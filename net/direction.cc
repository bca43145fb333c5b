#include "net/direction.h"

#include <array>
#include <cerrno>

#include "net/loop.h"
#include "net/splice.h"

namespace net {

Direction::Step Direction::step() {
  if (!holds_buffer()) {
    const Step taken = take_in();
    if (taken != Step::kMoved || !holds_buffer()) return taken;
  }
  return chunk_ != nullptr ? write_chunk() : write_pipe();
}

void Direction::drop() {
  if (chunk_ != nullptr) buffers_.chunks.give_back(std::move(chunk_), claim_.chunks);
  if (pipe_ != nullptr) buffers_.pipes.give_back(std::move(pipe_), claim_.pipes);
  held_back_ = HeldBack::kNone;
}

Direction::Step Direction::take_in() {
  if (!source_.poll().ready(Ready::kRead)) return Step::kBlocked;
  // splice stops at urgent data and does not step over it.
  if (source_.poll().urgent()) way_ = Way::kCopyingOnly;
  if (way_ == Way::kSplicing) {
    pipe_ = buffers_.pipes.borrow(claim_.pipes);
    if (pipe_ != nullptr) return splice_into_pipe();
  }
  chunk_ = buffers_.chunks.borrow(claim_.chunks);
  return chunk_ != nullptr ? read_in() : hand_over();
}

// Without a buffer of its own.
Direction::Step Direction::hand_over() {
  const std::span<char> scratch = buffers_.chunks.scratch().bytes;
  const IoResult there = source_.try_peek(scratch);
  held_back_ = HeldBack::kNone;
  switch (there.kind) {
    case IoResult::Kind::kDone: break;
    case IoResult::Kind::kEof: note_moved(0); return Step::kEnded;
    case IoResult::Kind::kError: return fail(Step::kSourceFailed, there.cause);
    case IoResult::Kind::kWouldBlock: return Step::kBlocked;
  }
  const std::array piece{std::string_view(scratch.data(), there.bytes)};
  const IoResult put = sink_.try_write(piece);
  if (put.kind == IoResult::Kind::kError) return fail(Step::kSinkFailed, put.cause);
  if (put.kind == IoResult::Kind::kWouldBlock) {
    held_back_ = HeldBack::kSome;
    return Step::kBlocked;
  }
  source_.discard(put.bytes);
  note_moved(put.bytes);
  return Step::kMoved;
}

Direction::Step Direction::read_in() {
  const IoResult got = source_.try_read(chunk_->bytes);
  if (got.kind == IoResult::Kind::kDone) {
    start_ = 0;
    end_ = static_cast<std::uint32_t>(got.bytes);
    if (got.bytes == Chunk::kBytes && way_ == Way::kCopying) way_ = Way::kSplicing;
    note_moved(0);
    return Step::kMoved;
  }
  drop();
  switch (got.kind) {
    case IoResult::Kind::kEof: note_moved(0); return Step::kEnded;
    case IoResult::Kind::kError: return fail(Step::kSourceFailed, got.cause);
    default: return Step::kBlocked;
  }
}

Direction::Step Direction::splice_into_pipe() {
  const IoResult got = splice_in(source_, *pipe_);
  if (got.kind == IoResult::Kind::kDone) {
    if (got.bytes < Chunk::kBytes) way_ = Way::kCopying;
    note_moved(0);
    return Step::kMoved;
  }
  drop();
  if (got.kind == IoResult::Kind::kWouldBlock) return Step::kBlocked;
  if (got.kind == IoResult::Kind::kEof) {
    // In front of urgent data splice says the same. recv knows.
    way_ = Way::kCopying;
    return take_in();
  }
  if (got.cause != EINVAL) return fail(Step::kSourceFailed, got.cause);
  way_ = Way::kCopyingOnly;
  return take_in();
}

Direction::Step Direction::write_chunk() {
  while (start_ < end_) {
    const std::array piece{std::string_view(chunk_->bytes.data() + start_, end_ - start_)};
    const IoResult put = sink_.try_write(piece);
    if (put.kind == IoResult::Kind::kWouldBlock) return Step::kBlocked;
    if (put.kind == IoResult::Kind::kError) return fail(Step::kSinkFailed, put.cause);
    start_ += static_cast<std::uint32_t>(put.bytes);
    note_moved(put.bytes);
  }
  drop();
  return Step::kMoved;
}

Direction::Step Direction::write_pipe() {
  while (pipe_->held > 0) {
    const IoResult put = splice_out(*pipe_, sink_);
    if (put.kind == IoResult::Kind::kWouldBlock) return Step::kBlocked;
    if (put.kind != IoResult::Kind::kDone) return fail(Step::kSinkFailed, put.cause);
    note_moved(put.bytes);
  }
  drop();
  return Step::kMoved;
}

Direction::Step Direction::fail(Step what, int cause) {
  cause_ = cause;
  return what;
}

void Direction::note_moved(size_t octets) {
  moved_ += octets;
  moved_at_ = source_.poll().loop().now();
}

}  // namespace net
