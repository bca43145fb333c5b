#include "net/waiting_socket.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace net {
namespace {

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK; }

}  // namespace

WaitingSocket::WaitingSocket(int fd, int stop_fd, base::Instant deadline)
    : fd_(fd), stop_fd_(stop_fd), deadline_(deadline) {}

bool WaitingSocket::wait(short events) const {
  for (;;) {
    const auto left = std::chrono::ceil<base::Millis>(deadline_ - base::steady_now()).count();
    if (left <= 0) return false;
    pollfd fds[] = {{fd_, events, 0}, {stop_fd_, POLLIN, 0}};
    const int ready = ::poll(fds, 2, static_cast<int>(left));
    if (ready < 0 && errno == EINTR) continue;
    return ready > 0 && fds[1].revents == 0;
  }
}

bool WaitingSocket::wait_readable() { return wait(POLLIN); }

ssize_t WaitingSocket::read(char* data, std::size_t size) {
  for (;;) {
    const ssize_t got = ::recv(fd_, data, size, 0);
    if (got >= 0) return got;
    if (errno == EINTR) continue;
    if (!would_block() || !wait(POLLIN)) return -1;
  }
}

ssize_t WaitingSocket::write(const char* data, std::size_t size) {
  for (;;) {
    const ssize_t sent = ::send(fd_, data, size, MSG_NOSIGNAL);
    if (sent >= 0) return sent;
    if (errno == EINTR) continue;
    if (!would_block() || !wait(POLLOUT)) return -1;
  }
}

void discard_unread(int fd) {
  std::array<char, 4096> scratch;
  ::shutdown(fd, SHUT_WR);
  for (int i = 0; i < 16; ++i) {
    if (::recv(fd, scratch.data(), scratch.size(), MSG_DONTWAIT) <= 0) return;
  }
}

}  // namespace net
