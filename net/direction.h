// One way of a relay: moves octets from a source to a sink, and holds a buffer only while some are
// in flight. It reads only when what it read before has been written: backpressure is the absence
// of a second buffer.
//
//   kCopying ──a chunk filled to the brim──> kSplicing   (the kernel moves the pages)
//            <──less than a chunk at once──
//   kCopyingOnly where splice is refused, and once the source sent urgent data
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
  RelayBuffers(Loop& loop, size_t max_chunks, std::uint32_t max_pipes)
      : chunks(loop, max_chunks), pipes(max_pipes) {}

  ChunkPool chunks;
  PipePool pipes;
};

class Direction {
 public:
  enum class Step : std::uint8_t {
    kMoved,         // and there may be more
    kBlocked,       // until the source or the sink is ready
    kNoChunk,       // until a chunk is back (ChunkPool::wait)
    kEnded,         // the source sent FIN, and everything before it is written
    kSourceFailed,  // everything the source sent before is written
    kSinkFailed,
  };

  Direction(RelayBuffers& buffers, Socket& source, Socket& sink, base::Instant now)
      : buffers_(buffers), source_(source), sink_(sink), moved_at_(now) {}
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
  bool in_flight() const { return chunk_ != nullptr || pipe_ != nullptr; }

 private:
  enum class Way : std::uint8_t { kCopying, kSplicing, kCopyingOnly };

  Step take_in();
  Step read_in();
  Step splice_into_pipe();
  Step write_chunk();
  Step write_pipe();
  Step fail(Step what, int cause);
  void note_moved(size_t octets);

  RelayBuffers& buffers_;
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
};

}  // namespace net
