// One way of a relay: moves octets from a source to a sink, and holds a buffer only while some are
// in flight. It reads only when what it read before has been written: backpressure is the absence
// of a second buffer.
//
//   kCopying ──a chunk filled to the brim──> kSplicing   (the kernel moves the pages)
//            <──less than a chunk at once──
//   kCopyingOnly where splice is refused, and once the source sent urgent data
//
// A client that may have no more chunks is served without: octets are looked at, written, and only
// then taken from the source, so that those for which there is no room stay with the kernel.
#pragma once

#include <cstdint>
#include <memory>

#include "base/clock.h"
#include "net/chunk_pool.h"
#include "net/pipe_pool.h"
#include "net/socket.h"

namespace net {

// Buffers of all relays of a worker.
struct RelayBuffers {
  RelayBuffers(Loop& loop, std::uint32_t max_chunks, std::uint32_t max_pipes)
      : chunks(loop, max_chunks), pipes(max_pipes) {}

  ChunkPool chunks;
  PipePool pipes;
};

// What one client has of them. Outlives its relays.
struct RelayClaim {
  ChunkPool::Claim chunks;
  PotShare pipes;
};

class Direction {
 public:
  enum class Step : std::uint8_t {
    kMoved,         // and there may be more
    kBlocked,       // until the source or the sink is ready
    kEnded,         // the source sent FIN, and everything before it is written
    kSourceFailed,  // everything the source sent before is written
    kSinkFailed,
  };

  Direction(RelayBuffers& buffers, RelayClaim& claim, Socket& source, Socket& sink,
            base::Instant now)
      : buffers_(buffers), claim_(claim), source_(source), sink_(sink), moved_at_(now) {}
  ~Direction() { drop(); }
  Direction(const Direction&) = delete;
  Direction& operator=(const Direction&) = delete;

  // Reads once, unless octets are in flight, and writes what it can.
  Step step();
  // Gives the buffer back, with what is in it.
  void drop();

  Socket& source() const { return source_; }
  Socket& sink() const { return sink_; }
  // errno of the last failed step.
  int cause() const { return cause_; }
  // Octets written.
  std::uint64_t moved() const { return moved_; }
  // When octets, or their end, were last read or written.
  base::Instant moved_at() const { return moved_at_; }
  // Whether octets wait for the sink.
  bool in_flight() const { return holds_buffer() || held_back_ == HeldBack::kSome; }

 private:
  enum class Way : std::uint8_t { kCopying, kSplicing, kCopyingOnly };

  bool holds_buffer() const { return chunk_ != nullptr || pipe_ != nullptr; }
  Step take_in();
  Step read_in();
  Step hand_over();
  Step splice_into_pipe();
  Step write_chunk();
  Step write_pipe();
  Step fail(Step what, int cause);
  void note_moved(size_t octets);

  RelayBuffers& buffers_;
  RelayClaim& claim_;
  Socket& source_;
  Socket& sink_;
  std::unique_ptr<Chunk> chunk_;
  std::unique_ptr<Pipe> pipe_;
  std::uint64_t moved_ = 0;
  base::Instant moved_at_;
  std::uint32_t start_ = 0;  // unwritten part of the chunk
  std::uint32_t end_ = 0;
  int cause_ = 0;
  Way way_ = Way::kCopying;
  // Whether octets that were looked at wait in the source for the sink.
  enum class HeldBack : std::uint8_t { kNone, kSome } held_back_ = HeldBack::kNone;
};

}  // namespace net
