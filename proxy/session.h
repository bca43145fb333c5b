// One client connection from accept to its last log line. A Session belongs to its worker and never
// leaves it.
//
//   kRequest ──head──> kExchange ──done, kept alive──> kRequest
//                          │
//                          ├──CONNECT or WebSocket──> kTunnel ──both ways ended──> kOver
//                          └──close, error──────────> kClosing ───────────────────> kOver
//
// A CONNECT in a stream of HTTP/2 that is to be inspected gets a session of its own, with the
// stream as its carrier.
//
// Up to the tunnel everything is one task (`serve`, negotiate.cc); the tunnel is a net::Relay, and
// the task's frame is gone by then.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/intrusive.h"
#include "http/head.h"
#include "http/rewrite.h"
#include "http/target.h"
#include "http1/message_reader.h"
#include "net/dial_race.h"
#include "net/task.h"
#include "net/tunnel.h"
#include "proxy/account.h"
#include "proxy/admin/metrics.h"
#include "proxy/caller.h"
#include "proxy/connection.h"
#include "proxy/ends.h"
#include "proxy/inspect/exemption.h"
#include "proxy/inspect/inside.h"
#include "proxy/inspect/peeked.h"
#include "proxy/neighbours.h"
#include "proxy/origin_pool.h"
#include "proxy/policy/engine.h"
#include "proxy/runtime.h"
#include "tls/handshake.h"

namespace proxy {

class Worker;
namespace h2 {
class ClientStream;
class Server;
}  // namespace h2

class Session final : public base::ListNode, private net::Tunnel::Listener {
 public:
  enum class State : std::uint8_t { kRequest, kExchange, kTunnel, kClosing, kOver };

  // How a client comes in: over a listener of `listen`, or of `tls.listen`, or in a stream of
  // another session.
  enum class Entry : std::uint8_t { kPlain, kTls, kStream };

  Session(Worker& worker, RuntimePtr runtime, Entry entry, std::unique_ptr<net::Socket> socket,
          const base::Endpoint& client);
  // Of the same client as `outer`, in one of its streams.
  Session(const Session& outer, RuntimePtr runtime, std::unique_ptr<net::Carrier> carrier);
  ~Session();

  // Serves requests until the connection ends; the worker is told through Worker::session_over.
  void start();
  // Goes on behind the 200 of a CONNECT to `target`, whose exchange is `account`.
  // `origin` is null where account.refusal says why.
  void start_tunnel(Account account, http::Authority target,
                    std::unique_ptr<OriginConnection> origin);
  // Answers with the refusal and closes, without reading a request first.
  void start_refusing(policy::Decision refusal, base::ErrorCode code);
  // No further request is accepted: an idle connection ends now, a busy one after its exchange.
  void drain();
  // Ends whatever is going on. The record says why.
  void stop(base::Error why);

  Entry entry() const { return entry_; }
  // Whether it was begun with start_refusing.
  bool refused() const { return service_ == Service::kRefused; }
  const base::IpAddress& client_address() const { return caller_.endpoint.address; }
  // By which it is counted (proxy/neighbours.h).
  const std::string& client_key() const { return neighbour_.key(); }

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
  // What follows an exchange: the next request, an orderly close, a reset, a tunnel, or nothing,
  // when the client has closed between requests.
  enum class Next : std::uint8_t { kKeepAlive, kClose, kAbort, kTunnel, kGone };

  // secure.cc: TLS to the proxy itself.
  net::Task<bool> secure();
  std::optional<base::Error> become_named();
  net::Task<void> answer_in_plain(net::Stream& to, base::Error error, int status);

  // serve_http2.cc: many requests at a time.
  friend class h2::Server;
  net::Task<void> await_version();
  net::Task<Next> serve_http2();
  net::Task<void> serve_stream(h2::ClientStream& client, base::Result<http::RequestHead>& head);
  net::Task<void> connect_stream(h2::ClientStream& client, const http::RequestHead& head,
                                 const http::Target& target);
  net::Task<void> tunnel_stream(h2::ClientStream& client, Connection origin);
  http::h2::Settings http2_settings() const;
  std::shared_ptr<http::h2::Allowance> http2_allowance();

  // negotiate.cc: the way of a request.
  net::Task<void> serve();
  net::Task<void> serve_tunnel(http::Authority target, std::unique_ptr<OriginConnection> origin);
  net::Task<void> serve_on(Next next);
  net::Task<Next> serve_http1();
  net::Task<void> refuse_connection(policy::Decision refusal, base::ErrorCode code);
  net::Task<base::Result<bool>> read_request(http::RequestHead& head);
  net::Task<Next> exchange(ClientEnd& client, http::RequestHead& head);
  base::Result<http::Target> judge_head(Account& account, const http::RequestHead& head);
  base::Result<void> judge_client(Account& account);
  base::Result<http::Target> judge_request(Account& account, const http::RequestHead& head);

  // reach.cc: from a target to a connected origin.
  net::Task<base::Result<std::unique_ptr<OriginConnection>>> reach(Account& account,
                                                                   const http::Authority& target,
                                                                   policy::Kind kind);
  net::Task<base::Result<std::unique_ptr<OriginConnection>>> reach_again(Account& account,
                                                                         base::Endpoint endpoint);
  base::Result<std::unique_ptr<OriginConnection>> take_dialled(Account& account,
                                                               base::Result<net::Dialled>& dialled,
                                                               base::Instant since);
  base::Result<void> permit(Account& account, const policy::Decision& decision);
  std::unique_ptr<OriginConnection> pooled(Account& account, const http::Authority& target);
  base::Result<Place> place_for_dial(Account& account);
  std::unique_ptr<OriginConnection> take_pooled(Account& account, const std::string& key,
                                                const OriginPool::Fits& fits);

  // hello.cc: the first octets of a tunnel.
  net::Task<bool> origin_speaks_first(Connection& origin, base::Instant deadline);
  net::Task<base::Result<inspect::Peeked>> read_hello();

  // refuse_inside.cc: a refusal as a page inside TLS.
  bool tells_inside(const http::Authority& target, const base::Error& error) const;
  net::Task<Next> refuse_inside(http::Authority target);

  // peek.cc, inspect.cc: TLS inside a tunnel.
  net::Task<Next> peek(http::Authority target, std::unique_ptr<OriginConnection> origin);
  base::Result<void> permit_name(const http::Authority& target, const base::IpAddress& address);
  inspect::Exemption exemption_of(const inspect::Inside& inside);
  // RFC 8446 §6.2
  enum class Alert : std::uint8_t {
    kAccessDenied = 49,
    kDecodeError = 50,
    kInternalError = 80,
    kNoApplicationProtocol = 120,
  };
  net::Task<Next> refuse_hello(base::Error error, Alert alert);
  net::Task<Next> pass_through(std::unique_ptr<OriginConnection> origin,
                               inspect::Exemption exemption);
  net::Task<Next> inspect_tls(std::unique_ptr<inspect::Inside> inside);
  net::Task<Next> meet_client(std::unique_ptr<inspect::Inside> inside);
  Next lose_client(const tls::TlsStream& stream, base::Error error, const std::string& name);
  std::string pool_key(const http::Authority& dialled) const;
  void pool(const std::string& key, std::unique_ptr<OriginConnection> connection);
  std::unique_ptr<OriginConnection> pooled_inside(Account& account, const http::Authority& dialled);

  // inside.cc: requests in an inspected connection.
  const tls::ClientContext& origin_context(http::Protocol offer) const;
  net::Task<tls::HandshakeOutcome> meet_origin(Account& account, OriginConnection& origin,
                                               const tls::PeerName& peer, std::string key,
                                               http::Protocol offer);
  base::Result<void> judge_inside(Account& account, const http::Target& target);
  policy::Request inner_request(const Account& account, const http::Target& target) const;
  base::Result<void> judge_address(Account& account, const http::Target& target,
                                   const base::IpAddress& address);
  net::Task<base::Result<std::unique_ptr<OriginConnection>>> dial_inside(Account& dialling);
  std::unique_ptr<OriginConnection> pooled_for_inside(Account& account, const http::Target& target);

  void observe(Account& account, const http::Authority& target, policy::Kind kind,
               std::span<const base::IpAddress> addresses);

  // tunnel.cc
  net::Task<base::Result<std::unique_ptr<OriginConnection>>> reach_for_connect(
      ClientEnd& client, const http::Authority& target);
  net::Task<Next> connect(ClientEnd& client, const http::RequestHead& head,
                          const http::Target& target);
  void prepare_tunnel(Connection origin);
  net::RelayLimits tunnel_limits() const;

  // forward.cc: everything but CONNECT. One round trip to the origin is an Exchange (exchange.h).
  friend class Exchange;
  net::Task<Next> forward(ClientEnd& client, http::RequestHead& head, http::Target& target);
  std::unique_ptr<OriginEnd> stream_at_hand(Account& account, const http::Target& target);
  std::unique_ptr<OriginEnd> make_end(std::unique_ptr<OriginConnection> connection);
  std::unique_ptr<OriginEnd> origin_at_hand(Account& account, const http::Target& target);
  net::Task<base::Result<std::unique_ptr<OriginEnd>>> reach_inside(Account& account,
                                                                   const http::Target& target);
  net::Task<base::Result<std::unique_ptr<OriginEnd>>> reach_origin(ClientEnd& client,
                                                                   const http::Target& target);
  net::Task<Next> answer_options(ClientEnd& client, const http::RequestHead& head,
                                 http::BodyLength body);
  net::Task<Next> refuse(ClientEnd& client, base::Error error, http::Persistence persistence);
  http::Persistence persistence_for(const http::RequestHead& head) const;

  // reply.cc
  net::Task<void> send_error(ClientEnd& client, const base::Error& error,
                             http::Persistence persistence);
  net::Task<void> linger();

  // session.cc
  void begin_exchange() { begin_exchange(account_); }
  void use_present_runtime();
  void begin_exchange(Account& account);
  // Ends the connection's exchange; its octets are those the connection has moved.
  void finish(std::optional<base::Error> error);
  // A request that HTTP/2 refused before anyone saw it: its record is all that comes of it.
  void note_refused(base::Error error);
  // Ends an exchange of any client's end.
  void finish(ClientEnd& client, std::optional<base::Error> error);
  void on_task_done();
  void on_relay_end(net::RelayOutcome outcome) override;
  base::Instant now() const;

  Worker& worker_;
  // Its configuration is what the next exchange is judged by.
  Caller caller_;
  // What the connection and exchanges that are under way began with, which they refer to.
  const RuntimePtr first_runtime_ = caller_.runtime;
  std::vector<RuntimePtr> old_runtimes_;
  Neighbours::Seat neighbour_;  // the client among others; outlives whatever it has
  Entry entry_;
  base::Instant head_from_;       // since when the first head is awaited
  bool await_first_head_ = true;  // of the connection, or of the inspected one that it became
  Connection client_;
  std::unique_ptr<http1::MessageReader> reader_;
  net::Task<void> task_;
  std::unique_ptr<net::Tunnel> relay_;
  admin::Counted open_tunnel_;
  admin::Counted open_connection_;                    // of a session that a listener began
  http::Protocol protocol_ = http::Protocol::kHttp1;  // what the client speaks on the connection
  Account account_;                                   // of the current exchange
  std::unique_ptr<inspect::Inside> inside_;           // null outside of inspected connections
  std::unique_ptr<h2::Server> h2_;                    // null but for HTTP/2
  // Idle connections to origins that are this client connection's alone; null while none is.
  std::unique_ptr<OriginPool> own_origins_;
  std::uint32_t exchanges_ = 0;
  State state_ = State::kRequest;
  enum class Intake : std::uint8_t { kOpen, kLastExchange } intake_ = Intake::kOpen;
  enum class Service : std::uint8_t { kServed, kRefused } service_ = Service::kServed;
};

std::string_view name_of(Session::State state);

}  // namespace proxy
