// A listening socket and a few threads for a small server beside the proxy: each accepts a
// connection, has it served, and accepts the next, so that what waits is bounded by the kernel's
// backlog.
#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/ip.h"
#include "base/result.h"
#include "net/listener.h"

namespace net {

// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

class Acceptor {
 public:
  // Serves one connection on the non-blocking socket `fd`, which stays the acceptor's. Called from
  // any of its threads; returns soon after `stop_fd` becomes readable.
  using Serve = std::function<void(int fd, int stop_fd)>;

  // Fails (proxy) with kIo, naming the endpoint, when it cannot be bound.
  static base::Result<std::unique_ptr<Acceptor>> start(const base::Endpoint& endpoint,
                                                       std::size_t threads, Serve serve);
  // Stops and joins the threads.
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  const base::Endpoint& endpoint() const { return listen_.endpoint(); }

 private:
  Acceptor(ListeningSocket listen, int stop_fd, Serve serve);
  void run() const;

  ListeningSocket listen_;
  Descriptor stop_;  // an eventfd; readable for all threads once written
  Serve serve_;
  std::vector<std::thread> threads_;
};

}  // namespace net
