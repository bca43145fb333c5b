// One admin connection as cpp-httplib reads and writes it. Its own stream serves only descriptors
// below 1024 (it uses select) and bounds each read, not the whole exchange; this one has neither
// fault.
#pragma once

#include <httplib.h>

#include <cstddef>
#include <string>

#include "net/waiting_reader.h"
#include "net/waiting_socket.h"

namespace proxy::admin {

class DeadlineStream final : public httplib::Stream {
 public:
  // `fd` is a non-blocking socket, not owned. Reads and writes fail after `deadline`, and as soon
  // as `stop_fd` is readable. No more than `max_read` octets are read.
  DeadlineStream(int fd, int stop_fd, base::Instant deadline, std::size_t max_read);

  bool is_readable() const override { return reader_.is_readable(); }
  bool is_writable() const override;
  ssize_t read(char* data, std::size_t size) override { return reader_.read(data, size); }
  ssize_t write(const char* data, std::size_t size) override { return socket_.write(data, size); }
  // The peer is shown to nobody: left empty.
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  // Always -1, because cpp-httplib 0.11 refuses requests on descriptors from 1024 on.
  socket_t socket() const override { return INVALID_SOCKET; }

 private:
  net::WaitingSocket socket_;
  mutable net::WaitingReader reader_;
};

}  // namespace proxy::admin
