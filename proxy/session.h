// One client connection from accept to its last log line. A Session belongs to its worker and never
// leaves it.
//
//   kRequest ──head──> kExchange ──done, kept alive──> kRequest
//                          │
//                          ├──CONNECT or WebSocket──> kTunnel ──both ways ended──> kOver
//                          └──close, error──────────> kClosing ───────────────────> kOver
//
// Up to the tunnel everything is one task (`serve`, negotiate.cc); the tunnel is a net::Relay, and
// the task's frame is gone by then.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/intrusive.h"
#include "http/head.h"
#include "http/rewrite.h"
#include "http/target.h"
#include "net/task.h"
#include "net/tunnel.h"
#include "proxy/account.h"
#include "proxy/connection.h"
#include "proxy/message_reader.h"
#include "proxy/origin_pool.h"
#include "proxy/policy/engine.h"
#include "proxy/runtime.h"

namespace proxy {

class Worker;

class Session final : public base::ListNode, private net::Tunnel::Listener {
 public:
  enum class State : std::uint8_t { kRequest, kExchange, kTunnel, kClosing, kOver };

  Session(Worker& worker, RuntimePtr runtime, int fd, const base::Endpoint& client);
  ~Session();

  // Serves requests until the connection ends; the worker is told through Worker::session_over.
  void start();
  // Answers with the refusal and closes, without reading a request first.
  void start_refusing(policy::Decision refusal, base::ErrorCode code);
  // No further request is accepted: an idle connection ends now, a busy one after its exchange.
  void drain();
  // Ends whatever is going on. The record says why.
  void stop(base::Error why);

  // Whether it was begun with start_refusing.
  bool refused() const { return service_ == Service::kRefused; }
  const base::IpAddress& client_address() const { return client_endpoint_.address; }

  // For /sessions.
  struct Snapshot {
    std::string id;
    base::Endpoint client;
    State state;
    std::string method;
    std::string target;
    std::string rule;
    std::uint64_t bytes_in;
    std::uint64_t bytes_out;
    std::chrono::milliseconds age;
  };
  Snapshot snapshot() const;

 private:
  // What follows an exchange: the next request, an orderly close, a reset, or a tunnel.
  enum class Next : std::uint8_t { kKeepAlive, kClose, kAbort, kTunnel };

  // negotiate.cc: the way of a request.
  net::Task<void> serve();
  net::Task<void> refuse_connection(policy::Decision refusal, base::ErrorCode code);
  net::Task<base::Result<bool>> read_request(http::RequestHead& head);
  net::Task<Next> exchange(http::RequestHead& head);
  base::Result<http::Target> judge_head(const http::RequestHead& head);

  // reach.cc: from a target to a connected origin.
  net::Task<base::Result<std::unique_ptr<OriginConnection>>> reach(Account& account,
                                                                   const http::Authority& target,
                                                                   policy::Kind kind);
  base::Result<void> permit(Account& account, const policy::Decision& decision);
  std::unique_ptr<OriginConnection> pooled(Account& account, const http::Authority& target);

  // observe.cc
  void watch(Account& account, const http::RequestHead& head);
  void observe(Account& account, const http::Authority& target, policy::Kind kind,
               std::span<const base::IpAddress> addresses);

  // tunnel.cc
  net::Task<Next> connect(const http::RequestHead& head, const http::Target& target);
  void prepare_tunnel(Connection origin);

  // forward.cc: everything but CONNECT. One round trip to the origin is an Exchange (exchange.h).
  friend class Exchange;
  net::Task<Next> forward(http::RequestHead& head, http::Target& target);
  net::Task<Next> answer_options(const http::RequestHead& head, http::BodyLength body);
  net::Task<Next> refuse(base::Error error, http::Persistence persistence);
  http::Persistence persistence_for(const http::RequestHead& head) const;

  // reply.cc
  net::Task<void> send_error(const base::Error& error, http::Persistence persistence);
  net::Task<void> linger();

  // session.cc
  void begin_exchange();
  // Ends the connection's exchange; its octets are those the connection has moved.
  void finish(std::optional<base::Error> error);
  // Ends an exchange: the one place where its record is written and counted.
  void close(Account& account, std::optional<base::Error> error);
  base::Error blame(base::Error error) const;
  void on_task_done();
  void on_relay_end(net::RelayOutcome outcome) override;
  net::Patience patience(base::Millis stall) const;
  base::Instant now() const;

  Worker& worker_;
  RuntimePtr runtime_;
  base::Endpoint client_endpoint_;
  base::Instant accepted_;
  Connection client_;
  std::unique_ptr<MessageReader> reader_;
  net::Task<void> task_;
  std::unique_ptr<net::Tunnel> relay_;
  Account account_;  // of the current exchange
  std::uint64_t received_before_ = 0;
  std::uint32_t exchanges_ = 0;
  State state_ = State::kRequest;
  enum class Intake : std::uint8_t { kOpen, kLastExchange } intake_ = Intake::kOpen;
  enum class Service : std::uint8_t { kServed, kRefused } service_ = Service::kServed;
};

std::string_view name_of(Session::State state);

}  // namespace proxy
