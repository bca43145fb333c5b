// A connected, non-blocking TCP socket with its readiness.
#pragma once

#include <memory>
#include <string>

#include "base/ip.h"
#include "net/carrier.h"

namespace net {

class Socket final : public Carrier {
 public:
  // Takes `fd` over: non-blocking, close-on-exec.
  Socket(Loop& loop, int fd, base::Party party) : fd_(fd), party_(party), poll_(loop, fd) {}
  ~Socket() override;

  IoResult try_read(std::span<char> into) override;
  IoResult try_write(std::span<const std::string_view> pieces) override;
  void shutdown_write() override;
  Poll& poll() override { return poll_; }
  base::Party party() const override { return party_; }

  IoResult peek() override;
  IoResult try_peek(std::span<char> into) override;
  void discard(size_t octets) override;
  void abort() override;
  // RST instead of FIN.
  void reset_on_close() override;
  // Has the kernel probe a silent peer from now on (start_keep_alive).
  void keep_alive();
  void acknowledge() override;
  // SO_ERROR, which is 0, too, when another call has taken it.
  int broken_by() const override;
  // What the peer has not acknowledged.
  size_t unsent() const override;
  int fd() const { return fd_.fd; }

 private:
  // The descriptor closes after its Poll is gone: members are destroyed bottom up.
  struct Descriptor {
    explicit Descriptor(int number) : fd(number) {}
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int fd;
  };

  Descriptor fd_;
  base::Party party_;
  Poll poll_;
};

// Probes start after a minute's silence, well within the 4 minutes after which Azure forgets an
// idle flow. Accepted sockets inherit it from their listener.
void start_keep_alive(int fd);

// Ends our side and throws away what has arrived, since closing a socket with unread data resets
// the connection and may take the answer with it.
void discard_unread(int fd);

// Two sockets connected to each other, for tests and in-process peers. Aborts when none can be
// made.
std::pair<std::unique_ptr<Socket>, std::unique_ptr<Socket>> socket_pair(Loop& loop);

}  // namespace net
