#include "proxy/http2_front.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "proxy/h2/inner_session.h"
#include "proxy/h2/terms.h"
#include "proxy/h2/tunnel.h"
#include "proxy/origins_for.h"
#include "proxy/tunnel_limits.h"

namespace proxy {
namespace {

// How long a client has to take our goodbye.
constexpr base::Millis kGoodbyeTime{2000};

}  // namespace

Http2Front::Http2Front(const Service& service, SessionHome& home, ClientConnection& client,
                       Exchanges& exchanges, const Intake& intake,
                       std::optional<inspect::Inside> inside)
    : service_(service),
      home_(home),
      client_(client),
      exchanges_(exchanges),
      intake_(intake),
      reach_(service, Reach::Places::kOfEachDial),
      origins_(origins_for(service, reach_, std::move(inside))),
      handler_(service, reach_, *origins_, intake),
      link_(*this, service.tools.loop, service.tools.relay_buffers.chunks, client.stream(),
            h2::settings_for(service.runtime()), h2::allowance_for(service)) {}

net::Task<After> Http2Front::serve() {
  const config::Timeouts timeouts = service_.config().timeouts;
  std::string early(client_.reader->buffered());
  client_.reader.reset();
  link_.start(std::move(early));
  if (!intake_.is_open()) link_.drain();
  // As with HTTP/1.1, the first request is waited for in another way than the next.
  base::Millis limit = timeouts.head;
  while (!link_.over()) {
    const bool idle = link_.idle_since() != base::kNever;
    if (idle) exchanges_.none_under_way();
    client_.stage = idle ? Stage::kRequest : Stage::kExchange;
    if (!idle) limit = timeouts.keep_alive;
    // Streams that are served have limits of their own.
    const base::Instant deadline =
        idle ? std::min(link_.idle_since() + limit, service_.caller.until()) : base::kNever;
    auto waiting = link_.wait(deadline);
    const net::Wake wake = co_await waiting;
    if (wake == net::Wake::kTimeout) break;
  }
  if (link_.over()) co_return after::Linger{};
  link_.leave();
  const base::Instant deadline = service_.tools.now() + kGoodbyeTime;
  for (net::Wake wake = net::Wake::kReady; !link_.over() && wake == net::Wake::kReady;) {
    auto waiting = link_.wait(deadline);
    wake = co_await waiting;
  }
  if (link_.over()) co_return after::Linger{};
  co_return after::Abort{};
}

net::Task<void> Http2Front::serve_stream(h2::ClientStream& client,
                                         base::Result<http::RequestHead>& head) {
  client.account() = exchanges_.open();
  if (!head) {
    auto refusing = handler_.refuse(client, head.error(), http::Persistence::kClose);
    co_await refusing;
    co_return;
  }
  client.count_head(*head);
  auto handling = handler_.handle(client, *head);
  After after = co_await handling;
  if (auto* open = std::get_if<after::Tunnel>(&after)) {
    auto tunnelling = tunnel(client, std::move(*open));
    co_await tunnelling;
  } else if (auto* granted = std::get_if<after::Look>(&after)) {
    auto looking = look_into(client, std::move(*granted));
    co_await looking;
  }
}

net::Task<void> Http2Front::tunnel(h2::ClientStream& client, after::Tunnel open) {
  const admin::Counted open_tunnel(service_.tools.metrics.tunnels_open);
  h2::Tunnel relay(service_.tools.loop, service_.tools.relay_buffers.chunks,
                   service_.neighbour->relays.chunks, client.end(), std::move(open.origin),
                   tunnel_limits(service_.caller));
  auto running = relay.run();
  const base::Result<void> ran = co_await running;
  client.finish(ran ? std::nullopt : std::optional<base::Error>(ran.error()));
}

// It becomes a session of its own, which takes the CONNECT's account.
net::Task<void> Http2Front::look_into(h2::ClientStream& client, after::Look look) {
  Account& account = client.account();
  Caller caller = service_.caller;
  // What the CONNECT was judged by.
  if (look.origin != nullptr) caller.runtime = account.judged_by;
  caller.admitted_by = caller.runtime;
  h2::InnerSession inner(std::move(caller), service_.tools, home_, client.end());
  look.place.hand_over();
  auto serving = inner.serve(account, std::move(look));
  co_await serving;
}

void Http2Front::note_refused(base::Error error) {
  Account account = exchanges_.open();
  account.close(std::move(error));
}

std::vector<Shown> Http2Front::rows() const {
  std::vector<Shown> rows;
  link_.for_each([&](const AccessRecord& record) {
    const bool tunnel = record.method == "CONNECT" && record.status == 200;
    rows.push_back(row_of(record, tunnel ? Stage::kTunnel : Stage::kExchange));
  });
  return rows;
}

}  // namespace proxy
