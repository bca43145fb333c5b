#include "proxy/entrance.h"

#include <utility>
#include <variant>

#include "proxy/http1_client.h"
#include "proxy/http1_front.h"
#include "proxy/http2_front.h"
#include "proxy/inspect/inspector.h"
#include "proxy/linger.h"
#include "proxy/reply.h"

namespace proxy {
namespace {

// What follows a look into a tunnel, and for `inside` whatever it was found to be.
After after_of(inspect::Looked looked, std::optional<inspect::Inside>& inside) {
  struct Visitor {
    std::optional<inspect::Inside>& inside;
    After operator()(std::unique_ptr<inspect::Inside> found) const {
      inside = std::move(*found);
      return after::Next{};
    }
    After operator()(after::Gone gone) const { return gone; }
    After operator()(after::Linger linger) const { return linger; }
    After operator()(after::Abort abort) const { return abort; }
    After operator()(after::Tunnel tunnel) const { return tunnel; }
  };
  return std::visit(Visitor{inside}, std::move(looked));
}

}  // namespace

net::Task<Entrance::Left> Entrance::serve() {
  After after = after::Next{};
  if (parts_.entry == Entry::kTls) {
    auto securing = secure();
    after = co_await securing;
  }
  auto going_on = go_on(std::move(after));
  co_return co_await going_on;
}

net::Task<Entrance::Left> Entrance::look(after::Look what) {
  exchanges_.take_over();
  parts_.client.stage = Stage::kExchange;
  auto going_on = go_on(std::move(what));
  co_return co_await going_on;
}

net::Task<Entrance::Left> Entrance::refuse(policy::Decision refusal, base::ErrorCode code) {
  purpose_ = Purpose::kRefuse;
  intake_.close();
  ClientConnection& client = parts_.client;
  client.stage = Stage::kClosing;
  client.account = exchanges_.open_next();
  client.account.next_step = refusal.next_step;
  base::Error error{code, base::Party::kClient, 0, refusal.reason};
  const bool denied = base::status_of(code) == 403;
  if (denied) {
    client.account.record.verdict = policy::Verdict::kDeny;
    client.account.record.rule = refusal.rule;
  } else {
    error.party = base::Party::kProxy;
  }
  if (parts_.entry == Entry::kTls) {
    // An answer in plain HTTP would be noise to it, and a handshake is what it may not have.
    auto alerting = send_alert(service_, client, std::move(error),
                               denied ? Alert::kAccessDenied : Alert::kInternalError);
    co_await alerting;
  } else {
    Http1Client end(client.account, client.connection, *client.reader,
                    service_.runtime().http_limits);
    auto sending = send_error(service_, end, error, http::Persistence::kClose);
    co_await sending;
    end.finish(std::move(error));
  }
  auto closing = close();
  co_await closing;
  co_return std::nullopt;
}

// From what follows an exchange to the connection's end, or a tunnel.
net::Task<Entrance::Left> Entrance::go_on(After after) {
  std::optional<inspect::Inside> inside;
  for (;;) {
    if (auto* granted = std::get_if<after::Look>(&after)) {
      auto looking = look_into(std::move(*granted));
      auto looked = co_await looking;
      after = after_of(std::move(looked), inside);
    }
    if (!std::holds_alternative<after::Next>(after)) break;
    open_front(std::exchange(inside, std::nullopt));
    auto serving = front_->serve();
    after = co_await serving;
  }
  if (auto* tunnel = std::get_if<after::Tunnel>(&after)) co_return std::move(*tunnel);
  if (std::holds_alternative<after::Abort>(after)) parts_.client.carrier().reset_on_close();
  if (std::holds_alternative<after::Linger>(after)) {
    auto closing = close();
    co_await closing;
  }
  co_return std::nullopt;
}

net::Task<inspect::Looked> Entrance::look_into(after::Look what) {
  inspect::Inspector inspector(service_, parts_.client);
  auto looking = inspector.look(std::move(what));
  co_return co_await looking;
}

void Entrance::open_front(std::optional<inspect::Inside> inside) {
  if (parts_.client.protocol == http::Protocol::kHttp2) {
    front_ = std::make_unique<Http2Front>(service_, parts_.home, parts_.client, exchanges_, intake_,
                                          std::move(inside));
  } else {
    front_ = std::make_unique<Http1Front>(service_, parts_.client, exchanges_, intake_,
                                          std::move(inside));
  }
}

net::Task<void> Entrance::close() {
  ClientConnection& client = parts_.client;
  client.stage = Stage::kClosing;
  const std::optional<base::Error>& error = client.account.record.error;
  const bool late = error && error->code == base::ErrorCode::kClientTimeout;
  auto lingering =
      linger(service_.tools.loop, client.connection,
             purpose_ == Purpose::kRefuse || late ? LingerTime::kBrief : LingerTime::kUsual);
  co_await lingering;
}

void Entrance::drain() {
  intake_.close();
  if (front_ != nullptr) return front_->drain();
  parts_.client.end_if_idle();
}

void Entrance::retire() {
  intake_.close();
  if (front_ != nullptr) front_->retire();
}

void Entrance::stop(const base::Error& why) {
  if (front_ != nullptr) front_->stop(why);
}

std::vector<Shown> Entrance::rows() const {
  return front_ == nullptr ? std::vector<Shown>() : front_->rows();
}

}  // namespace proxy
