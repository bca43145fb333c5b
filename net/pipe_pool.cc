#include "net/pipe_pool.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace net {
namespace {

// Received segments take a slot each, however small. The first pipes of a pool are large, because
// few directions at a time move most octets (docs/design/relay.md); 64 of that size would be all
// that the kernel lets one user have (fs.pipe-user-pages-soft).
constexpr std::uint32_t kLargePipes = 16;
constexpr int kLargeBytes = 1024 * 1024;
constexpr int kOtherBytes = 256 * 1024;

// Beyond that share pipes get two slots, which would cost more than copying.
constexpr int kLeastBytes = 64 * 1024;

// Loans that are refused after a pipe could not be had, before another is tried.
constexpr std::uint32_t kRefusals = 1024;

}  // namespace

std::unique_ptr<Pipe> Pipe::open(int wanted_bytes) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC) != 0) return nullptr;
  std::unique_ptr<Pipe> pipe(new Pipe(ends[0], ends[1]));
  if (::fcntl(ends[1], F_SETPIPE_SZ, wanted_bytes) < 0 &&
      ::fcntl(ends[1], F_GETPIPE_SZ) < kLeastBytes) {
    return nullptr;
  }
  return pipe;
}

Pipe::~Pipe() {
  ::close(read_end_);
  ::close(write_end_);
}

std::unique_ptr<Pipe> PipePool::borrow(PotShare& share) {
  if (!pot_.may_take(share)) return nullptr;
  std::unique_ptr<Pipe> pipe;
  if (spare_.empty()) {
    if (refusals_ > 0) {
      --refusals_;
      return nullptr;
    }
    pipe = Pipe::open(borrowed() < kLargePipes ? kLargeBytes : kOtherBytes);
    if (pipe == nullptr) refusals_ = kRefusals;
  } else {
    pipe = std::move(spare_.back());
    spare_.pop_back();
  }
  if (pipe != nullptr) pot_.take(share);
  return pipe;
}

void PipePool::give_back(std::unique_ptr<Pipe> pipe, PotShare& share) {
  pot_.give_back(share);
  if (pipe->held == 0 && spare_.size() < kMaxSpare) spare_.push_back(std::move(pipe));
}

}  // namespace net
