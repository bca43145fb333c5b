#include "net/acceptor.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace net {
namespace {

// How long accepting rests after an error that would come again at once (EMFILE, ENOMEM).
constexpr int kPauseMs = 100;

base::Failure no_means(const char* what, int cause) {
  return base::fail(base::ErrorCode::kIo, base::Party::kProxy,
                    std::string("cannot serve: no ") + what + " to be had (" +
                        base::errno_name(cause) +
                        "); check the limits of descriptors, threads and memory",
                    cause);
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

base::Result<std::unique_ptr<Acceptor>> Acceptor::start(const base::Endpoint& endpoint,
                                                        std::size_t threads, Serve serve) {
  constexpr auto kStack = ListeningSocket::Stack::kDual;
  if (auto free = ListeningSocket::check_free(endpoint, kStack); !free) {
    return base::fail(std::move(free).error());
  }
  auto listen = ListeningSocket::open(endpoint, kStack);
  if (!listen) return base::fail(std::move(listen).error());
  const int stop = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (stop < 0) return no_means("event descriptor", errno);
  std::unique_ptr<Acceptor> acceptor(new Acceptor(std::move(*listen), stop, std::move(serve)));
  try {
    for (std::size_t i = 0; i < threads; ++i) {
      acceptor->threads_.emplace_back([self = acceptor.get()] { self->run(); });
    }
  } catch (const std::system_error& error) {
    return no_means("thread", error.code().value());
  }
  return acceptor;
}

Acceptor::Acceptor(ListeningSocket listen, int stop_fd, Serve serve)
    : listen_(std::move(listen)), stop_(stop_fd), serve_(std::move(serve)) {}

Acceptor::~Acceptor() {
  const std::uint64_t one = 1;
  while (!threads_.empty() && ::write(stop_.get(), &one, sizeof(one)) < 0 && errno == EINTR) {
  }
  for (std::thread& thread : threads_) thread.join();
}

void Acceptor::run() const {
  for (;;) {
    pollfd fds[] = {{listen_.fd(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
    if (::poll(fds, 2, -1) < 0 && errno == EINTR) continue;
    if (fds[1].revents != 0) return;
    const Descriptor client(
        ::accept4(listen_.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (client.get() >= 0) {
      serve_(client.get(), stop_.get());
    } else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
      ::poll(&fds[1], 1, kPauseMs);
    }
  }
}

}  // namespace net
