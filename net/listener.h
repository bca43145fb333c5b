// Accepting connections: one listening socket per worker and endpoint, with SO_REUSEPORT.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "base/ip.h"
#include "base/result.h"
#include "net/poll.h"
#include "net/timer_wheel.h"

namespace net {

class Loop;

// An open listening socket on its way to a worker.
class ListeningSocket {
 public:
  enum class Stack { kDual, kV6Only };  // [::] listens for IPv4 as well unless kV6Only

  // Binds with SO_REUSEPORT and listens. Port 0 picks a free port, see `endpoint`. Fails (proxy)
  // with kIo: address in use, not local, or privileged port, each with what to do about it.
  static base::Result<ListeningSocket> open(const base::Endpoint& endpoint, Stack stack);
  // Whether someone else listens there already. SO_REUSEPORT alone would let two proxies of one
  // user share a port in silence, so `open` for the first worker asks this first.
  static base::Result<void> check_free(const base::Endpoint& endpoint, Stack stack);
  // Takes `fd` over, a socket that another process opened. Fails (proxy) with kIo when it is no TCP
  // socket that listens.
  static base::Result<ListeningSocket> adopt(int fd);
  // Another descriptor of the same socket, for a thread beside the one that has this. Fails (proxy)
  // with kIo, without descriptors.
  base::Result<ListeningSocket> share() const;
  // Whether further sockets can be opened for its endpoint, as `open` does.
  bool shares_port() const;

  ListeningSocket(ListeningSocket&& other) noexcept;
  ListeningSocket& operator=(ListeningSocket&& other) noexcept;
  ~ListeningSocket();

  const base::Endpoint& endpoint() const { return endpoint_; }
  int fd() const { return fd_; }

 private:
  ListeningSocket(int fd, base::Endpoint endpoint) : fd_(fd), endpoint_(endpoint) {}
  int fd_ = -1;
  base::Endpoint endpoint_;
};

// Accepts from a listening socket on a loop.
class Listener final : private Waiter, private TimerWheel::Timer {
 public:
  class Handler {
   public:
    // A new connection: the handler owns `fd` (non-blocking, close-on-exec).
    virtual void on_accept(int fd, const base::Endpoint& client) = 0;
    // The process or the system is out of descriptors: accepting rests for kRest.
    virtual void on_accept_pause() = 0;
    // What a client hears then, in its protocol; nothing unless said.
    virtual std::string_view last_words() const { return {}; }

   protected:
    ~Handler() = default;
  };

  static constexpr std::chrono::milliseconds kRest{100};

  Listener(Loop& loop, ListeningSocket socket, Handler& handler);
  ~Listener() override;

  const base::Endpoint& endpoint() const { return socket_.endpoint(); }

 private:
  void on_ready() override { accept_some(); }
  void on_timer() override { accept_some(); }
  void accept_some();
  void out_of_descriptors();

  Loop& loop_;
  ListeningSocket socket_;
  Handler& handler_;
  // Closed to make room for one accept when there are no descriptors left, so that the client in
  // front of the queue hears why rather than silence.
  int reserve_ = -1;
  Poll poll_;
  // For work that the loop does later, if the listener is still there.
  std::shared_ptr<Listener*> self_ = std::make_shared<Listener*>(this);
};

}  // namespace net
