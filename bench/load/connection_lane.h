// What all lanes over one connection share: opening it, with CONNECT or without, writing what is
// pending, reading until there is nothing more, noticing its end.
//
//   kClosed ──open──> kConnect ──2xx──> kOpen        (a tunnel)
//   kClosed ──open───────────────────> kOpen         (a plain connection to the proxy or relay)
#pragma once

#include <string>
#include <string_view>

#include "bench/load/lane.h"
#include "bench/load/reply_reader.h"
#include "bench/load/route.h"
#include "bench/load/wire.h"

namespace load {

class ConnectionLane : public Lane {
 public:
  ConnectionLane(Poller& poller, Route& route) : poller_(poller), route_(route) {}

  void on_ready() override;
  void reset() override;

 protected:
  enum class State : std::uint8_t { kClosed, kConnect, kOpen };
  enum class Kind : std::uint8_t { kTunnel, kPlain };

  // Calls on_open once octets can be sent, perhaps at once.
  void open(Kind kind);
  // Writes now, or as soon as possible. The octets stay until pending() is empty.
  void send(std::string_view octets);
  std::string_view pending() const { return out_; }
  void close();
  // Reports the failure of the operation in flight.
  void fail(std::string_view why);
  State state() const { return state_; }
  // The origin this connection is meant for, "127.77.0.1:8000".
  const std::string& origin() const { return origin_; }

  virtual void on_open() = 0;
  virtual void on_octets(std::string_view octets) = 0;
  // What to send once all that was pending has gone; nothing when empty.
  virtual std::string_view more() { return {}; }
  // The peer has closed or reset the connection in the middle of an operation.
  virtual void on_end(std::string_view why) { fail(why); }
  // The connection has ended, or had to be ended, between two operations; it is closed.
  virtual void on_idle_end() {}

 private:
  void flush();
  void read();
  void ended(std::string_view why);
  void take(std::string_view octets);

  Poller& poller_;
  Route& route_;
  Wire wire_;
  State state_ = State::kClosed;
  std::string_view out_;
  std::string origin_;
  std::string head_;  // CONNECT's
  ReplyReader answer_;
};

}  // namespace load
