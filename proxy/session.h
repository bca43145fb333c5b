// One client connection from accept to its last log line. A Session belongs to its worker and never
// leaves it.
//
// Up to a tunnel everything is one task (entrance.h); the tunnel is a net::Tunnel, and the task's
// frame is gone by then. A CONNECT in a stream of HTTP/2 that is to be looked into gets a session
// of its own, with the stream as its carrier.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/intrusive.h"
#include "net/task.h"
#include "net/tunnel.h"
#include "proxy/after.h"
#include "proxy/client_connection.h"
#include "proxy/entrance.h"
#include "proxy/front.h"
#include "proxy/tools.h"

namespace proxy {

class Session;

// Who owns sessions.
class SessionHome {
 public:
  // The session has been counted in, and is counted out when it is over.
  virtual Session& own(std::unique_ptr<Session> session) = 0;
  // The session has ended; it is destroyed once its own code is off the stack.
  virtual void session_over(Session& session) = 0;

 protected:
  ~SessionHome() = default;
};

class Session final : public base::ListNode, private net::Tunnel::Listener {
 public:
  // Home and tools outlive it.
  Session(SessionHome& home, Tools& tools, Entry entry, Caller caller, Connection client);

  // Each begins what the session is for; `home` is told when it is over. Serves requests until the
  // connection ends.
  void start();
  // Goes on behind the 200 of a CONNECT, whose exchange is `account`.
  void start_looking(Account account, after::Look what);
  // Answers with the refusal and closes, without reading a request first.
  void start_refusing(policy::Decision refusal, base::ErrorCode code);
  // No further request is accepted: an idle connection ends now, a busy one after its exchange.
  void drain();
  void retire();
  // Ends whatever is going on. The record says why.
  void stop(base::Error why);

  Entry entry() const { return entry_; }
  // Whether it was begun with start_refusing.
  bool refused() const { return purpose_ == Purpose::kRefuse; }
  // By which the client is counted (proxy/neighbours.h).
  const std::string& client_key() const { return neighbour_.key(); }
  // For /sessions: each exchange that is under way, or the connection itself.
  std::vector<Shown> rows() const;

 private:
  void begin(net::Task<Entrance::Left> task);
  void on_task_done();
  void carry(after::Tunnel tunnel);
  void on_relay_end(net::RelayOutcome outcome) override;
  void end();

  SessionHome& home_;
  Tools& tools_;
  Caller caller_;
  Neighbours::Seat neighbour_;  // the client among others; outlives whatever it has
  Entry entry_;
  enum class Purpose : std::uint8_t { kServe, kRefuse } purpose_ = Purpose::kServe;
  ClientConnection client_;
  std::unique_ptr<Entrance> entrance_;  // null once there is a tunnel
  net::Task<Entrance::Left> task_;
  std::unique_ptr<net::Tunnel> relay_;
  admin::Counted open_tunnel_;
  admin::Counted open_connection_;  // of a session that a listener began
};

}  // namespace proxy
