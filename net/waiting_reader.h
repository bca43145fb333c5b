// What a small server's HTTP library reads from: buffered, because libraries read lines octet by
// octet, and bounded.
#pragma once

#include <array>
#include <cstddef>

#include "net/waiting_socket.h"

namespace net {

class WaitingReader {
 public:
  // `below` outlives the reader.
  WaitingReader(WaitingStream& below, std::size_t may_read) : below_(below), may_read_(may_read) {}

  // Like WaitingStream::read; 0 once all that may be read has been.
  ssize_t read(char* data, std::size_t size);
  bool is_readable() { return begin_ < end_ || below_.wait_readable(); }
  // Whether octets are held that nobody has read.
  bool has_buffered() const { return begin_ < end_; }
  // Starts a new count of what may be read.
  void allow(std::size_t may_read) { may_read_ = may_read; }
  bool is_exhausted() const { return may_read_ == 0 && begin_ == end_; }

 private:
  WaitingStream& below_;
  std::size_t may_read_;
  std::array<char, 4096> buffer_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace net
