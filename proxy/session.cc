#include "proxy/session.h"

#include <algorithm>

#include "proxy/h2/server.h"
#include "proxy/observe.h"
#include "proxy/worker.h"
#include "tls/stream.h"

namespace proxy {

std::string_view name_of(Session::State state) {
  switch (state) {
    case Session::State::kRequest: return "request";
    case Session::State::kExchange: return "exchange";
    case Session::State::kTunnel: return "tunnel";
    case Session::State::kClosing: return "closing";
    case Session::State::kOver: return "over";
  }
  return "over";
}

Session::Session(Worker& worker, RuntimePtr runtime, Entry entry,
                 std::unique_ptr<net::Socket> socket, const base::Endpoint& client)
    : worker_(worker),
      caller_{std::move(runtime), client, {}, base::steady_now()},
      neighbour_(worker.neighbours().seat(proxy::client_key(client.address, {}))),
      entry_(entry),
      head_from_(caller_.accepted),
      client_(std::move(socket)),
      reader_(std::make_unique<http1::MessageReader>(client_.stream())),
      open_connection_(worker.counters().connections_open) {}

Session::Session(const Session& outer, RuntimePtr runtime, std::unique_ptr<net::Carrier> carrier)
    : worker_(outer.worker_),
      caller_{std::move(runtime), outer.caller_.endpoint, outer.caller_.identity,
              outer.caller_.accepted},
      neighbour_(worker_.neighbours().seat(outer.client_key())),
      entry_(Entry::kStream),
      head_from_(base::steady_now()),
      client_(std::move(carrier)),
      reader_(std::make_unique<http1::MessageReader>(client_.stream())) {}

Session::~Session() = default;

void Session::start() {
  task_ = serve();
  task_.start([](void* self) { static_cast<Session*>(self)->on_task_done(); }, this);
}

void Session::start_tunnel(Account account, http::Authority target,
                           std::unique_ptr<OriginConnection> origin) {
  account_ = std::move(account);
  exchanges_ = 1;
  task_ = serve_tunnel(std::move(target), std::move(origin));
  task_.start([](void* self) { static_cast<Session*>(self)->on_task_done(); }, this);
}

void Session::start_refusing(policy::Decision refusal, base::ErrorCode code) {
  intake_ = Intake::kLastExchange;
  service_ = Service::kRefused;
  task_ = refuse_connection(std::move(refusal), code);
  task_.start([](void* self) { static_cast<Session*>(self)->on_task_done(); }, this);
}

void Session::on_task_done() {
  // Called from inside the task: its frame goes when it is off the stack.
  worker_.loop().defer([this] {
    task_.cancel();
    if (state_ == State::kTunnel) {
      relay_->start();
    } else if (state_ != State::kOver) {
      state_ = State::kOver;
      worker_.session_over(*this);
    }
  });
}

void Session::drain() {
  intake_ = Intake::kLastExchange;
  if (h2_ != nullptr) return h2_->drain();
  // A request that has arrived but is not read yet is still served.
  const bool idle = state_ == State::kRequest && reader_->buffered().empty() &&
                    client_.carrier().peek().kind != net::IoResult::Kind::kDone;
  if (idle) client_.carrier().abort();
}

void Session::stop(base::Error why) {
  if (state_ == State::kOver) return;
  if (state_ == State::kTunnel) {
    relay_->stop(std::move(why));
    return;
  }
  task_.cancel();
  if (h2_ != nullptr) h2_->stop(why);
  // An answer that is cut off must not look complete.
  if (account_.is_open() && account_.record.status != 0) {
    client_.carrier().reset_on_close();
  }
  finish(std::move(why));
  state_ = State::kOver;
  worker_.session_over(*this);
}

Session::Snapshot Session::snapshot() const {
  const AccessRecord& record = account_.record;
  Snapshot out;
  out.id = record.id;
  out.client = caller_.endpoint;
  out.state = state_;
  out.method = record.method;
  out.target = record.target;
  out.rule = record.rule;
  out.bytes_in = record.bytes_in + (relay_ ? relay_->to_origin() : 0);
  out.bytes_out = record.bytes_out + (relay_ ? relay_->to_client() : 0);
  out.age =
      std::chrono::duration_cast<std::chrono::milliseconds>(base::steady_now() - caller_.accepted);
  return out;
}

void Session::observe(Account& account, const http::Authority& target, policy::Kind kind,
                      std::span<const base::IpAddress> addresses) {
  proxy::observe(account, target, kind, addresses, *caller_.runtime->observer, worker_.index());
}

// Requests are judged by the configuration of the present, whenever their connection was made.
// Other exchanges of HTTP/2 may be under way.
void Session::use_present_runtime() {
  if (h2_ == nullptr) old_runtimes_.clear();
  if (caller_.runtime != worker_.present()) {
    old_runtimes_.push_back(std::exchange(caller_.runtime, worker_.present()));
  }
}

void Session::begin_exchange(Account& account) {
  use_present_runtime();
  account = worker_.ledger().open(caller_, ++exchanges_);
}

void Session::note_refused(base::Error error) {
  Account account;
  begin_exchange(account);
  account.close(std::move(error));
}

void Session::finish(std::optional<base::Error> error) {
  if (!account_.is_open()) return;
  if (reader_ != nullptr) account_.record.bytes_in += reader_->take_received();
  account_.close(std::move(error));
}

void Session::finish(ClientEnd& client, std::optional<base::Error> error) {
  if (!client.account().is_open()) return;
  client.count();
  client.account().close(std::move(error));
}

void Session::on_relay_end(net::RelayOutcome outcome) {
  account_.record.bytes_in += outcome.to_origin;
  account_.record.bytes_out += outcome.to_client;
  open_tunnel_ = {};
  // Many clients of TLS just close when they are done, and RFC 9112 §9.8 asks servers to be
  // prepared for it. The relay has reset the origin's connection, since the origin can't tell
  // either whether it has everything; for the record this is how such clients end.
  const bool incomplete_close = outcome.error && outcome.error->party == base::Party::kClient &&
                                outcome.error->cause == tls::kTruncated;
  if (incomplete_close) outcome.error.reset();
  finish(std::move(outcome.error));
  state_ = State::kOver;
  worker_.session_over(*this);
}

base::Instant Session::now() const { return worker_.loop().now(); }

}  // namespace proxy
