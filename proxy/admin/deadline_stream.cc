#include "proxy/admin/deadline_stream.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace proxy::admin {
namespace {

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK; }

}  // namespace

DeadlineStream::DeadlineStream(int fd, int stop_fd, base::Instant deadline, std::size_t max_read)
    : fd_(fd), stop_fd_(stop_fd), deadline_(deadline), may_read_(max_read) {}

bool DeadlineStream::wait(short events) const {
  for (;;) {
    const auto left = std::chrono::ceil<base::Millis>(deadline_ - base::steady_now()).count();
    if (left <= 0) return false;
    pollfd fds[] = {{fd_, events, 0}, {stop_fd_, POLLIN, 0}};
    const int ready = ::poll(fds, 2, static_cast<int>(left));
    if (ready < 0 && errno == EINTR) continue;
    return ready > 0 && fds[1].revents == 0;
  }
}

bool DeadlineStream::is_readable() const { return begin_ < end_ || wait(POLLIN); }

bool DeadlineStream::is_writable() const { return wait(POLLOUT); }

ssize_t DeadlineStream::fill() {
  if (may_read_ == 0) return 0;
  for (;;) {
    const ssize_t got = ::recv(fd_, buffer_.data(), std::min(buffer_.size(), may_read_), 0);
    if (got >= 0) {
      begin_ = 0;
      end_ = static_cast<std::size_t>(got);
      may_read_ -= end_;
      return got;
    }
    if (errno == EINTR) continue;
    if (!would_block() || !wait(POLLIN)) return -1;
  }
}

ssize_t DeadlineStream::read(char* data, std::size_t size) {
  if (begin_ == end_) {
    if (const ssize_t got = fill(); got <= 0) return got;
  }
  const std::size_t taken = std::min(size, end_ - begin_);
  std::memcpy(data, buffer_.data() + begin_, taken);
  begin_ += taken;
  return static_cast<ssize_t>(taken);
}

ssize_t DeadlineStream::write(const char* data, std::size_t size) {
  for (;;) {
    const ssize_t sent = ::send(fd_, data, size, MSG_NOSIGNAL);
    if (sent >= 0) return sent;
    if (errno == EINTR) continue;
    if (!would_block() || !wait(POLLOUT)) return -1;
  }
}

void DeadlineStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

void DeadlineStream::get_local_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

socket_t DeadlineStream::socket() const { return INVALID_SOCKET; }

}  // namespace proxy::admin
