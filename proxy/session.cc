#include "proxy/session.h"

#include <chrono>
#include <utility>

#include "net/relay.h"
#include "net/stream_relay.h"
#include "proxy/tunnel_limits.h"
#include "tls/stream.h"

namespace proxy {

Session::Session(SessionHome& home, Tools& tools, Entry entry, Caller caller, Connection client)
    : home_(home),
      tools_(tools),
      caller_(std::move(caller)),
      neighbour_(
          tools.neighbours.seat(proxy::client_key(caller_.endpoint.address, caller_.identity))),
      entry_(entry),
      client_(std::move(client)),
      entrance_(std::make_unique<Entrance>(
          Entrance::Parts{caller_, neighbour_, tools_, home_, client_, entry_})) {
  client_.head_from = base::steady_now();
  if (entry != Entry::kStream) open_connection_ = admin::Counted(tools.metrics.connections_open);
}

void Session::start() { begin(entrance_->serve()); }

void Session::start_looking(Account account, after::Look what) {
  client_.account = std::move(account);
  begin(entrance_->look(std::move(what)));
}

void Session::start_refusing(policy::Decision refusal, base::ErrorCode code) {
  purpose_ = Purpose::kRefuse;
  begin(entrance_->refuse(std::move(refusal), code));
}

void Session::begin(net::Task<Entrance::Left> task) {
  task_ = std::move(task);
  // Called from inside the task: its frame goes when it is off the stack.
  task_.start(
      [](void* self) {
        auto& session = *static_cast<Session*>(self);
        session.tools_.loop.defer([&session] { session.on_task_done(); });
      },
      this);
}

void Session::on_task_done() {
  if (client_.stage == Stage::kOver) return;
  Entrance::Left left = task_.take();
  task_.cancel();
  if (!left) return end();
  entrance_.reset();
  carry(std::move(*left));
}

void Session::carry(after::Tunnel tunnel) {
  client_.stop_reading();
  client_.stage = Stage::kTunnel;
  open_tunnel_ = admin::Counted(tools_.metrics.tunnels_open);
  const net::RelayLimits limits = tunnel_limits(caller_);
  net::Tunnel::Listener& self = *this;
  Connection& client = client_.connection;
  Connection& origin = tunnel.origin;
  if (client.is_plain_socket() && origin.is_plain_socket()) {
    relay_ = std::make_unique<net::Relay>(tools_.loop, tools_.relay_buffers, neighbour_->relays,
                                          client.release_socket(), origin.release_socket(), limits,
                                          self);
  } else {
    origin.socket()->keep_alive();  // the client's socket has it from its listener
    net::Carrier& client_carrier = client.carrier();
    net::Carrier& origin_carrier = origin.carrier();
    relay_ = std::make_unique<net::StreamRelay>(
        tools_.loop, tools_.relay_buffers.chunks, neighbour_->relays.chunks,
        net::StreamRelay::End{client.release(), client_carrier},
        net::StreamRelay::End{origin.release(), origin_carrier}, limits, self);
  }
  relay_->start();
}

void Session::drain() {
  if (entrance_ != nullptr) entrance_->drain();
}

void Session::retire() {
  if (entrance_ != nullptr) entrance_->retire();
}

void Session::stop(base::Error why) {
  if (client_.stage == Stage::kOver) return;
  if (relay_ != nullptr) return relay_->stop(std::move(why));
  task_.cancel();
  entrance_->stop(why);
  // An answer that is cut off must not look complete.
  if (client_.account.is_open() && client_.account.record.status != 0) {
    client_.carrier().reset_on_close();
  }
  client_.finish(std::move(why));
  end();
}

void Session::end() {
  client_.stage = Stage::kOver;
  home_.session_over(*this);
}

void Session::on_relay_end(net::RelayOutcome outcome) {
  AccessRecord& record = client_.account.record;
  record.bytes_in += outcome.to_origin;
  record.bytes_out += outcome.to_client;
  open_tunnel_ = {};
  // Many clients of TLS just close when they are done, and RFC 9112 §9.8 asks servers to be
  // prepared for it. The relay has reset the origin's connection, since the origin can't tell
  // either whether it has everything; for the record this is how such clients end.
  const bool incomplete_close = outcome.error && outcome.error->party == base::Party::kClient &&
                                outcome.error->cause == tls::kTruncated;
  if (incomplete_close) outcome.error.reset();
  client_.finish(std::move(outcome.error));
  end();
}

std::vector<Shown> Session::rows() const {
  std::vector<Shown> rows;
  if (entrance_ != nullptr) rows = entrance_->rows();
  if (!rows.empty()) return rows;
  Shown row = row_of(client_.account.record, client_.stage);
  row.client = caller_.endpoint;
  if (relay_ != nullptr) {
    row.bytes_in += relay_->to_origin();
    row.bytes_out += relay_->to_client();
  }
  row.age =
      std::chrono::duration_cast<std::chrono::milliseconds>(base::steady_now() - caller_.accepted);
  rows.push_back(std::move(row));
  return rows;
}

}  // namespace proxy
