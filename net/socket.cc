#include "net/socket.h"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstdlib>

namespace net {
namespace {

constexpr size_t kMaxPieces = 8;
constexpr int kKeepAliveIdleSeconds = 60;

IoResult failed_or_blocked(Poll& poll, Ready what) {
  if (errno == EAGAIN || errno == EWOULDBLOCK) {
    poll.exhausted(what);
    return {IoResult::Kind::kWouldBlock, 0, 0};
  }
  return {IoResult::Kind::kError, 0, errno};
}

}  // namespace

Socket::Descriptor::~Descriptor() { ::close(fd); }

Socket::~Socket() = default;

IoResult Socket::try_read(std::span<char> into) {
  if (!poll_.ready(Ready::kRead)) return {IoResult::Kind::kWouldBlock, 0, 0};
  ssize_t got = 0;
  do {
    got = ::recv(fd_.fd, into.data(), into.size(), 0);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return failed_or_blocked(poll_, Ready::kRead);
  if (got == 0) return {IoResult::Kind::kEof, 0, 0};
  const auto bytes = static_cast<size_t>(got);
  if (bytes < into.size()) poll_.short_read();
  return {IoResult::Kind::kDone, bytes, 0};
}

IoResult Socket::try_write(std::span<const std::string_view> pieces) {
  if (!poll_.ready(Ready::kWrite)) return {IoResult::Kind::kWouldBlock, 0, 0};
  std::array<iovec, kMaxPieces> vectors;
  size_t count = 0;
  for (const std::string_view piece : pieces) {
    if (piece.empty()) continue;
    assert(count < kMaxPieces && "more pieces than one write takes");
    vectors[count++] = {const_cast<char*>(piece.data()),
                        piece.size()};  // NOLINT: sendmsg only reads
  }
  assert(count > 0 && "nothing to write");
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = count;
  ssize_t put = 0;
  do {
    // One piece, as most writes have, costs less without the header.
    put = count == 1 ? ::send(fd_.fd, vectors[0].iov_base, vectors[0].iov_len, MSG_NOSIGNAL)
                     : ::sendmsg(fd_.fd, &message, MSG_NOSIGNAL);
  } while (put < 0 && errno == EINTR);
  if (put < 0) return failed_or_blocked(poll_, Ready::kWrite);
  return {IoResult::Kind::kDone, static_cast<size_t>(put), 0};
}

IoResult Socket::peek() {
  char octet = 0;
  const ssize_t got = ::recv(fd_.fd, &octet, 1, MSG_PEEK | MSG_DONTWAIT);
  if (got > 0) return {IoResult::Kind::kDone, 1, 0};
  if (got == 0) return {IoResult::Kind::kEof, 0, 0};
  const bool nothing = errno == EAGAIN || errno == EWOULDBLOCK;
  return {nothing ? IoResult::Kind::kWouldBlock : IoResult::Kind::kError, 0, errno};
}

IoResult Socket::try_peek(std::span<char> into) {
  if (!poll_.ready(Ready::kRead)) return {IoResult::Kind::kWouldBlock, 0, 0};
  ssize_t got = 0;
  do {
    got = ::recv(fd_.fd, into.data(), into.size(), MSG_PEEK);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return failed_or_blocked(poll_, Ready::kRead);
  if (got == 0) return {IoResult::Kind::kEof, 0, 0};
  return {IoResult::Kind::kDone, static_cast<size_t>(got), 0};
}

void Socket::discard(size_t octets) {
  // TCP throws them away (MSG_TRUNC, tcp(7)); other sockets want a place to put them.
  std::array<char, 16 * 1024> nowhere;
  while (octets > 0) {
    const ssize_t got = ::recv(fd_.fd, nowhere.data(), std::min(octets, nowhere.size()), MSG_TRUNC);
    if (got < 0 && errno == EINTR) continue;
    assert(got > 0 && "discarded what was not there");
    if (got <= 0) return;
    octets -= static_cast<size_t>(got);
  }
}

void Socket::shutdown_write() { ::shutdown(fd_.fd, SHUT_WR); }

void Socket::abort() { ::shutdown(fd_.fd, SHUT_RDWR); }

void Socket::reset_on_close() {
  const linger now{1, 0};
  ::setsockopt(fd_.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

void Socket::acknowledge() {
  const int on = 1;
  ::setsockopt(fd_.fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

void Socket::keep_alive() { start_keep_alive(fd_.fd); }

int Socket::broken_by() const {
  int cause = 0;
  socklen_t size = sizeof cause;
  return ::getsockopt(fd_.fd, SOL_SOCKET, SO_ERROR, &cause, &size) == 0 ? cause : ECONNRESET;
}

size_t Socket::unsent() const {
  int octets = 0;
  return ::ioctl(fd_.fd, SIOCOUTQ, &octets) == 0 && octets > 0 ? static_cast<size_t>(octets) : 0;
}

void start_keep_alive(int fd) {
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &kKeepAliveIdleSeconds, sizeof kKeepAliveIdleSeconds);
}

void discard_unread(int fd) {
  std::array<char, 4096> scratch;
  ::shutdown(fd, SHUT_WR);
  for (int i = 0; i < 16; ++i) {
    if (::recv(fd, scratch.data(), scratch.size(), MSG_DONTWAIT) <= 0) return;
  }
}

std::pair<std::unique_ptr<Socket>, std::unique_ptr<Socket>> socket_pair(Loop& loop) {
  std::array<int, 2> fds{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds.data()) != 0)
    std::abort();
  return {std::make_unique<Socket>(loop, fds[0], base::Party::kClient),
          std::make_unique<Socket>(loop, fds[1], base::Party::kOrigin)};
}

}  // namespace net
