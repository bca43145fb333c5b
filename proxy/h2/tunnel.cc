#include "proxy/h2/tunnel.h"

#include <algorithm>
#include <utility>

#include "net/await.h"
#include "net/io.h"

namespace proxy::h2 {

using base::ErrorCode;
using base::Party;

Tunnel::Tunnel(net::Loop& loop, ClientEnd& client, Sink& to_client, Connection origin,
               const net::RelayLimits& limits)
    : loop_(loop),
      client_(client),
      from_client_(client.open_content({})),
      to_client_(to_client),
      origin_(std::move(origin)),
      limits_(limits),
      up_over_(loop) {
  for (net::TunnelStatus::Flow& flow : status_.flows) flow.moved_at = loop_.now();
  status_.flows[1].sink = Party::kClient;
}

Tunnel::~Tunnel() {
  client_.unwatch();
  up_task_.cancel();
}

// A wait ends when the limits may be over; whether they are depends on the other direction too,
// which may end meanwhile.
net::Patience Tunnel::patience() const {
  const base::Instant now = loop_.now();
  const base::Instant until =
      std::clamp(net::quiet_until(limits_, status_), now, std::max(now, now + limits_.half_closed));
  return {std::chrono::duration_cast<base::Millis>(until - loop_.now()) + base::Millis(1),
          limits_.until};
}

base::Result<void> Tunnel::judge_quiet() const {
  if (auto error = net::overdue(limits_, status_, loop_.now())) return base::fail(*error);
  return {};
}

net::Task<base::Result<void>> Tunnel::up() {
  net::TunnelStatus::Flow& flow = status_.flows[0];
  for (;;) {
    const auto content = from_client_.look();
    if (!content) co_return base::fail(content.error());
    if (content->state == Source::Content::State::kEnded) break;
    if (content->octets.empty()) {
      auto waiting = from_client_.wait(patience());
      const base::Result<void> waited = co_await waiting;
      if (waited) continue;
      if (waited.error().code != ErrorCode::kIdleTimeout) co_return waited;
      const base::Result<void> quiet = judge_quiet();
      if (!quiet) co_return quiet;
      continue;
    }
    flow.in_flight = true;
    auto writing = net::write_all(origin_.stream(), content->octets, {limits_.idle, limits_.until});
    const base::Result<void> written = co_await writing;
    if (!written) co_return written;
    flow.in_flight = false;
    flow.moved_at = loop_.now();
    from_client_.consume();
  }
  origin_.stream().shutdown_write();
  status_.half_closed = true;
  co_return base::Result<void>();
}

net::Task<base::Result<void>> Tunnel::down() {
  net::TunnelStatus::Flow& flow = status_.flows[1];
  for (;;) {
    auto waiting = net::wait_readable(origin_.stream(), patience());
    const base::Result<void> readable = co_await waiting;
    if (!readable) {
      const base::Result<void> quiet = judge_quiet();
      if (!quiet) co_return quiet;
      continue;
    }
    // Held while octets are in flight only.
    const auto chunk = std::make_unique<net::Chunk>();
    const net::IoResult got = origin_.stream().try_read(chunk->bytes);
    if (got.kind == net::IoResult::Kind::kWouldBlock) continue;
    if (got.kind == net::IoResult::Kind::kEof) break;
    if (got.kind == net::IoResult::Kind::kError) {
      co_return base::fail(net::io_error(origin_.stream(), got.cause));
    }
    flow.in_flight = true;
    auto sending = to_client_.send({chunk->bytes.data(), got.bytes}, {limits_.idle, limits_.until});
    const base::Result<void> sent = co_await sending;
    if (!sent) co_return sent;
    flow.in_flight = false;
    flow.moved_at = loop_.now();
  }
  // The end may be our own doing (run_up), which the client must not take for the origin's.
  if (up_result_ && !*up_result_) co_return *up_result_;
  status_.half_closed = true;
  const http::Fields no_trailers;
  auto ending = to_client_.end(no_trailers, {limits_.idle, limits_.until});
  co_return co_await ending;
}

net::Task<void> Tunnel::run_up() {
  auto uploading = up();
  const base::Result<void> uploaded = co_await uploading;
  end_up(uploaded);
}

void Tunnel::end_up(base::Result<void> result) {
  up_result_ = std::move(result);
  // The other direction waits for an origin that nobody speaks to any more. This wakes it and sends
  // nothing: the origin is to see a reset, not an end.
  if (!*up_result_) origin_.socket()->stop_reading();
  up_over_.set();
}

void Tunnel::on_client_gone(base::Error error) {
  up_task_.cancel();
  end_up(base::fail(std::move(error)));
}

net::Task<base::Result<void>> Tunnel::run() {
  up_task_ = run_up();
  up_task_.start();
  client_.watch(*this);
  auto downloading = down();
  const base::Result<void> downloaded = co_await downloading;
  if (downloaded && !up_result_) {
    auto waiting = up_over_.wait(base::kNever);
    co_await waiting;
    // Off the stack of whoever said so: that task may go with this tunnel now.
    net::SleepAwaiter turn(loop_, loop_.now());
    co_await turn;
  }
  const bool up_failed = up_result_ && !*up_result_;
  if (downloaded && !up_failed) co_return downloaded;
  // The origin is told in the same way (RFC 9113 §8.5).
  origin_.carrier().reset_on_close();
  co_return up_failed ? *up_result_ : downloaded;
}

}  // namespace proxy::h2
