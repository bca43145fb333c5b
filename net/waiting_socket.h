// Reading and writing for threads that may wait, as those of an Acceptor: every wait ends at a
// deadline.
#pragma once

#include <sys/types.h>

#include <cstddef>

#include "base/clock.h"

namespace net {

class WaitingStream {
 public:
  virtual ~WaitingStream() = default;

  // Octets read, at least one; 0 at the end; -1 after an error or the deadline.
  virtual ssize_t read(char* data, std::size_t size) = 0;
  // Octets written, at least one; -1 after an error or the deadline.
  virtual ssize_t write(const char* data, std::size_t size) = 0;
  // Whether a read would not wait, at the latest at the deadline.
  virtual bool wait_readable() = 0;

 protected:
  WaitingStream() = default;
  WaitingStream(const WaitingStream&) = delete;
  WaitingStream& operator=(const WaitingStream&) = delete;
};

class WaitingSocket final : public WaitingStream {
 public:
  // `fd` is a non-blocking socket, not owned. Every wait also ends as soon as `stop_fd` is
  // readable; -1 for none.
  WaitingSocket(int fd, int stop_fd, base::Instant deadline);

  ssize_t read(char* data, std::size_t size) override;
  ssize_t write(const char* data, std::size_t size) override;
  bool wait_readable() override;

  // For `events` of poll(2). False at the deadline, or when told to stop.
  bool wait(short events) const;
  void set_deadline(base::Instant deadline) { deadline_ = deadline; }
  void set_stop(int stop_fd) { stop_fd_ = stop_fd; }
  int fd() const { return fd_; }

 private:
  int fd_;
  int stop_fd_;
  base::Instant deadline_;
};

// Throws away what has arrived after ending our side, since closing a socket with unread data
// resets the connection and may take the answer with it.
void discard_unread(int fd);

}  // namespace net
