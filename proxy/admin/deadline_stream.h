// One admin connection as cpp-httplib reads and writes it. Its own stream serves only descriptors
// below 1024 (it uses select) and bounds each read, not the whole exchange; this one has neither
// fault.
#pragma once

#include <httplib.h>

#include <array>
#include <cstddef>
#include <string>

#include "base/clock.h"

namespace proxy::admin {

class DeadlineStream final : public httplib::Stream {
 public:
  // `fd` is a non-blocking socket, not owned. Reads and writes fail after `deadline`, and as soon
  // as `stop_fd` is readable. No more than `max_read` octets are read.
  DeadlineStream(int fd, int stop_fd, base::Instant deadline, std::size_t max_read);

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* data, std::size_t size) override;
  ssize_t write(const char* data, std::size_t size) override;
  // The peer is shown to nobody: left empty.
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  // Always -1, because cpp-httplib 0.11 refuses requests on descriptors from 1024 on.
  socket_t socket() const override;

 private:
  bool wait(short events) const;
  ssize_t fill();

  int fd_;
  int stop_fd_;
  base::Instant deadline_;
  std::size_t may_read_;
  // cpp-httplib reads lines octet by octet.
  std::array<char, 2048> buffer_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace proxy::admin
