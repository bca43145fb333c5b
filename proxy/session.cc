#include "proxy/session.h"

#include <algorithm>

#include "proxy/h2/server.h"
#include "proxy/worker.h"
#include "tls/stream.h"

namespace proxy {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

// The index of a response class in Metrics::responses.
size_t class_of(int status) {
  return status < 100 || status > 599 ? 0 : static_cast<size_t>(status / 100);
}

admin::SessionKind kind_of(const AccessRecord& record) {
  if (record.method == "CONNECT") return admin::SessionKind::kTunnel;
  return record.method == "-" ? admin::SessionKind::kNone : admin::SessionKind::kForward;
}

std::uint64_t as_us(microseconds time) { return static_cast<std::uint64_t>(time.count()); }

}  // namespace

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

Session::Session(Worker& worker, RuntimePtr runtime, Entry entry, int fd,
                 const base::Endpoint& client)
    : worker_(worker),
      runtime_(std::move(runtime)),
      neighbour_(worker.neighbours().seat(client.address, {})),
      entry_(entry),
      client_endpoint_(client),
      accepted_(base::steady_now()),
      head_from_(accepted_),
      client_(std::make_unique<net::Socket>(worker.loop(), fd, base::Party::kClient)),
      reader_(std::make_unique<http1::MessageReader>(client_.stream())) {}

Session::Session(const Session& outer, std::unique_ptr<net::Carrier> carrier)
    : worker_(outer.worker_),
      runtime_(outer.runtime_),
      neighbour_(worker_.neighbours().seat(outer.client_endpoint_.address, outer.identity_)),
      entry_(Entry::kStream),
      client_endpoint_(outer.client_endpoint_),
      identity_(outer.identity_),
      accepted_(outer.accepted_),
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
  if (account_.state == Account::State::kOpen && account_.record.status != 0) {
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
  out.client = client_endpoint_;
  out.state = state_;
  out.method = record.method;
  out.target = record.target;
  out.rule = record.rule;
  out.bytes_in = record.bytes_in + (relay_ ? relay_->to_origin() : 0);
  out.bytes_out = record.bytes_out + (relay_ ? relay_->to_client() : 0);
  out.age = duration_cast<milliseconds>(base::steady_now() - accepted_);
  return out;
}

void Session::begin_exchange(Account& account) {
  const base::Instant now = base::steady_now();
  account = Account{};
  AccessRecord& record = account.record;
  record.time = base::wall_now();
  record.id = worker_.next_id();
  record.client = client_endpoint_;
  record.method = "-";
  record.target = "-";
  record.verdict = "-";
  record.identity = identity_;
  record.exchange = ++exchanges_;
  // Only a connection's first request has waited since accept.
  if (exchanges_ == 1) record.phases.queue = duration_cast<microseconds>(now - accepted_);
  account.began = now;
  account.state = Account::State::kOpen;
}

void Session::finish(std::optional<base::Error> error) {
  if (account_.state == Account::State::kNone) return;
  if (reader_ != nullptr) account_.record.bytes_in += reader_->take_received();
  close(account_, std::move(error));
}

void Session::finish(ClientEnd& client, std::optional<base::Error> error) {
  if (client.account().state == Account::State::kNone) return;
  client.count();
  close(client.account(), std::move(error));
}

void Session::close(Account& account, std::optional<base::Error> error) {
  account.state = Account::State::kNone;
  AccessRecord& record = account.record;
  record.phases.total = duration_cast<microseconds>(base::steady_now() - account.began);
  if (error) record.error = blame(std::move(*error));

  admin::Metrics& metrics = worker_.counters();
  admin::bump(metrics.requests[static_cast<size_t>(kind_of(record))]);
  admin::bump(metrics.responses[class_of(record.status)]);
  if (record.error) admin::bump(metrics.errors[static_cast<size_t>(record.error->code)]);
  record.lints.for_each(
      [&](http::Lint lint) { admin::bump(metrics.lints[static_cast<size_t>(lint)]); });
  if (record.verdict == "deny") admin::bump(metrics.denied);
  if (record.verdict == "would-deny") admin::bump(metrics.would_deny);
  admin::bump(metrics.bytes_from_client, record.bytes_in);
  admin::bump(metrics.bytes_to_client, record.bytes_out);
  if (record.phases.first_byte.count() > 0) {
    metrics.first_byte_time.observe(as_us(record.phases.first_byte));
  }
  base::RecordLog* log = worker_.shared().access_log.get();
  if (log != nullptr) log->write(format_record(record, runtime_->config.access_log.format));
}

// A wait that timeouts.total ended looks like the one it interrupted.
base::Error Session::blame(base::Error error) const {
  const base::Millis total = runtime_->config.timeouts.total;
  const bool waited = error.code == base::ErrorCode::kIdleTimeout ||
                      error.code == base::ErrorCode::kClientTimeout ||
                      error.code == base::ErrorCode::kOriginTimeout;
  if (!waited || total.count() == 0 || now() < accepted_ + total) return error;
  return {base::ErrorCode::kTotalTimeout, base::Party::kProxy, error.cause,
          "the connection reached its total time (timeouts.total)"};
}

void Session::on_relay_end(net::RelayOutcome outcome) {
  account_.record.bytes_in += outcome.to_origin;
  account_.record.bytes_out += outcome.to_client;
  worker_.counters().tunnels_open.fetch_sub(1, std::memory_order_relaxed);
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

net::Patience Session::patience(base::Millis stall) const {
  const base::Millis total = runtime_->config.timeouts.total;
  return {stall, total.count() == 0 ? base::kNever : accepted_ + total};
}

base::Instant Session::now() const { return worker_.loop().now(); }

}  // namespace proxy
