#include "net/pipe_pool.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace net {

std::unique_ptr<Pipe> Pipe::open() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC) != 0) return nullptr;
  ::fcntl(ends[1], F_SETPIPE_SZ, 1048576);
  return std::unique_ptr<Pipe>(new Pipe(ends[0], ends[1]));
}

Pipe::~Pipe() {
  ::close(read_end_);
  ::close(write_end_);
}

std::unique_ptr<Pipe> PipePool::borrow() {
  if (borrowed_ >= max_pipes_) return nullptr;
  std::unique_ptr<Pipe> pipe;
  if (spare_.empty()) {
    pipe = Pipe::open();
  } else {
    pipe = std::move(spare_.back());
    spare_.pop_back();
  }
  if (pipe != nullptr) ++borrowed_;
  return pipe;
}

void PipePool::give_back(std::unique_ptr<Pipe> pipe) {
  --borrowed_;
  if (pipe->held == 0 && spare_.size() < kMaxSpare) spare_.push_back(std::move(pipe));
}

}  // namespace net
