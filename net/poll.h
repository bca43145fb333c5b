// Readiness of file descriptors: one edge-triggered epoll per loop. A descriptor is registered once
// for life with one epoll_ctl, and costs no libuv handle (docs/design/net.md compares this with a
// uv_poll_t each, and with an epoll nested in libuv's).
#pragma once

#include <cstdint>
#include <memory>

namespace net {

class Loop;

enum class Ready : std::uint8_t { kRead = 0, kWrite = 1 };

// Gets told when a descriptor may be read or written again. Registered in one slot at a time.
class Waiter {
 public:
  virtual void on_ready() = 0;

 protected:
  virtual ~Waiter() = default;
};

// The registration of one descriptor. Use it as: try the system call; if it would block, say so
// with `exhausted`, then wait. Edges that come while nobody waits are remembered.
class Poll {
 public:
  // Does not own `fd`, which outlives it. For lack of
  // memory or of epoll watches it is not watched: then a socket is shut down at once, so that
  // whoever uses it meets its end.
  Poll(Loop& loop, int fd);
  // Of something that has no descriptor: whoever knows that it is ready says so with `signal`.
  explicit Poll(Loop& loop) : loop_(loop) {}
  ~Poll();
  Poll(const Poll&) = delete;
  Poll& operator=(const Poll&) = delete;

  // Whether trying may succeed: true at first and after each edge, until `exhausted`.
  bool ready(Ready what) const { return (ready_ & bit(what)) != 0; }
  // A system call said EAGAIN.
  void exhausted(Ready what) { ready_ = static_cast<std::uint8_t>(ready_ & ~bit(what)); }
  // A read returned less than asked for. That empties the socket unless the peer's FIN or an error
  // was announced in the same edge and still has to be read, or the read stopped at urgent data.
  void short_read() {
    if (!more_behind_) exhausted(Ready::kRead);
  }

  // Whether edges come.
  bool is_watched() const { return watch_ == Watch::kOn; }
  // The connection is broken: an error, or both ways closed, has been announced.
  bool broken() const { return broken_; }
  // Urgent data has been announced. recv steps over it, splice does not.
  bool urgent() const { return urgent_; }

  // An edge. The waiter may destroy the Poll.
  void signal(Ready what);
  // The next edge tells that the connection is broken.
  void set_broken() { broken_ = true; }

  // `waiter` is called at each edge of that kind until another one (or nullptr) takes its place.
  void set_waiter(Ready what, Waiter* waiter) { waiters_[static_cast<size_t>(what)] = waiter; }

  Loop& loop() { return loop_; }

 private:
  friend class Poller;
  static constexpr std::uint8_t bit(Ready what) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(what));
  }

  Loop& loop_;
  int fd_ = -1;
  std::uint8_t ready_ = bit(Ready::kRead) | bit(Ready::kWrite);
  enum class Watch : std::uint8_t { kOff, kOn } watch_ = Watch::kOn;
  bool more_behind_ = false;  // a short read says nothing
  bool broken_ = false;
  bool urgent_ = false;
  Waiter* waiters_[2] = {nullptr, nullptr};
};

// The engine behind Poll; one per Loop, made by it.
class Poller {
 public:
  // `guest_fd` is watched along, level-triggered: the descriptor of libuv's own epoll.
  explicit Poller(int guest_fd);
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // Waits until something is ready, at most `timeout_ms` (-1: for ever), and keeps what was found.
  void wait(int timeout_ms);
  // Tells the waiters of what the last `wait` found.
  void dispatch();
  // Whether the last `wait` found the guest ready.
  bool guest_ready() const;

  // Descriptors registered now.
  size_t size() const;

 private:
  friend class Poll;
  struct Impl;
  void add(Poll& poll);
  void remove(Poll& poll);
  std::unique_ptr<Impl> impl_;
};

}  // namespace net
