// The stream at the bottom of a connection, under TLS or whatever else is layered on it: a socket,
// or what stands for one. Connections are ended, reset and probed here.
#pragma once

#include "net/stream.h"

namespace net {

class Carrier : public Stream {
 public:
  // What a read would say now, without taking anything: kDone when octets wait.
  virtual IoResult peek() = 0;
  // Copies what a read would give, which stays where it is until `discard` takes it, or a read.
  virtual IoResult try_peek(std::span<char> into) = 0;
  // Takes the first octets of what `try_peek` has just given.
  virtual void discard(size_t octets) = 0;
  // Ends both directions at once: whoever waits on this carrier sees its end.
  virtual void abort() = 0;
  // Makes the coming close a reset, which nobody takes for an orderly end; unsent data is
  // discarded.
  virtual void reset_on_close() = 0;
  // Once its Poll says that it is broken: the error (errno), 0 if both ways have just been closed.
  virtual int broken_by() const = 0;
  // Tells the peer now that what has arrived has, rather than with the next octets that go out. A
  // peer without TCP_NODELAY (RFC 9293 §3.7.4, Nagle) keeps its next small write until it knows.
  virtual void acknowledge() {}
  // Octets written that the peer may not have yet.
  virtual size_t unsent() const = 0;
};

}  // namespace net
