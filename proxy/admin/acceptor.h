// The admin endpoint's socket and its few threads: each accepts a connection, has it served, and
// accepts the next, so that what waits is bounded by the kernel's backlog.
#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/ip.h"
#include "base/result.h"

namespace proxy::admin {

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

  const base::Endpoint& endpoint() const { return endpoint_; }

 private:
  Acceptor(int listen_fd, int stop_fd, const base::Endpoint& endpoint, Serve serve);
  void run() const;

  Descriptor listen_;
  Descriptor stop_;  // an eventfd; readable for all threads once written
  base::Endpoint endpoint_;
  Serve serve_;
  std::vector<std::thread> threads_;
};

}  // namespace proxy::admin
