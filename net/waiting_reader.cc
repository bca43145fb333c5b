#include "net/waiting_reader.h"

#include <algorithm>
#include <cstring>

namespace net {

ssize_t WaitingReader::read(char* data, std::size_t size) {
  if (begin_ == end_) {
    if (may_read_ == 0) return 0;
    const ssize_t got = below_.read(buffer_.data(), std::min(buffer_.size(), may_read_));
    if (got <= 0) return got;
    begin_ = 0;
    end_ = static_cast<std::size_t>(got);
    may_read_ -= end_;
  }
  const std::size_t taken = std::min(size, end_ - begin_);
  std::memcpy(data, buffer_.data() + begin_, taken);
  begin_ += taken;
  return static_cast<ssize_t>(taken);
}

}  // namespace net
