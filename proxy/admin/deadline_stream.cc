#include "proxy/admin/deadline_stream.h"

#include <poll.h>

namespace proxy::admin {

DeadlineStream::DeadlineStream(int fd, int stop_fd, base::Instant deadline, std::size_t max_read)
    : socket_(fd, stop_fd, deadline), reader_(socket_, max_read) {}

bool DeadlineStream::is_writable() const { return socket_.wait(POLLOUT); }

void DeadlineStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

void DeadlineStream::get_local_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

}  // namespace proxy::admin
