// CONNECT (RFC 9110 §9.3.6): reach the target, answer 200, and hand both ends over.
#include <utility>

#include "proxy/inspect/exemption.h"
#include "proxy/request_handler.h"
#include "proxy/while_present.h"

namespace proxy {

// The origin of a CONNECT: a connection that was inspected before, or a new one.
net::Task<Reach::Reached> RequestHandler::reach_for_connect(ClientEnd& client,
                                                            const http::Authority& target) {
  Account& account = client.account();
  const bool inspects = service_.runtime().tls->issuer != nullptr;
  auto pooled = inspects ? reach_.pooled_secured(account, target) : nullptr;
  if (pooled != nullptr) co_return std::move(pooled);
  auto reaching = WhilePresent<std::unique_ptr<OriginConnection>>::wait(
      service_.tools.loop, client, reach_.connect(account, target, policy::Kind::kConnect));
  co_return co_await reaching;
}

// Whether a client whose CONNECT to `target` failed with `error` gets a 200 and hears it inside.
// What would not be inspected is not impersonated either.
bool RequestHandler::tells_inside(const http::Authority& target, const base::Error& error) const {
  const config::Tls& tls = service_.config().tls;
  return tls.refusals == config::Refusals::kInside && tls.connect == config::Connect::kInspect &&
         service_.runtime().tls->issuer != nullptr && base::status_of(error.code) != 0 &&
         inspect::exempt_by_name(tls, target.host) == inspect::Exemption::kNone;
}

// The place of the origin's connection. One that is looked into gets its own where it has none yet,
// as one from the pool, or a refusal.
base::Result<Place> RequestHandler::place_for(Account& account, Reach::Reached& reached) {
  if (reached && (*reached)->place) return std::move((*reached)->place);
  if (account.connect == config::Connect::kTunnel && !account.refusal) return Place();
  return reach_.enter(account);
}

net::Task<After> RequestHandler::connect(ClientEnd& client, const http::RequestHead& head,
                                         const http::Target& target) {
  Account& account = client.account();
  // Content on CONNECT would leave open where the tunnel begins.
  const auto body = client.body(head);
  if (!body) {
    auto refusing = refuse(client, body.error(), http::Persistence::kClose);
    co_return co_await refusing;
  }
  auto reaching = reach_for_connect(client, target.authority);
  auto reached = co_await reaching;
  base::Result<Place> place = Place();
  if (!reached && tells_inside(target.authority, reached.error())) {
    account.refusal = reached.error();
  }
  if (reached || account.refusal) place = place_for(account, reached);
  if (!place || (!reached && !account.refusal)) {
    account.refusal.reset();
    // A refused CONNECT closes the connection: what the client has sent on may be meant for the
    // tunnel.
    auto refusing =
        refuse(client, place ? reached.error() : place.error(), http::Persistence::kClose);
    co_return co_await refusing;
  }
  const net::Patience stall = service_.caller.patience(service_.config().timeouts.idle);
  auto granting = client.grant_tunnel(service_.config().via, stall);
  const base::Result<void> granted = co_await granting;
  if (!granted) {
    client.finish(granted.error());
    co_return after::Abort{};
  }
  account.record.status = 200;
  if (account.refusal) co_return after::Look{target.authority, nullptr, *std::move(place)};
  if (account.connect != config::Connect::kTunnel) {
    co_return after::Look{target.authority, std::move(*reached), *std::move(place)};
  }
  Connection& origin = (*reached)->connection;
  // Octets that came along with the head belong to the origin.
  if (!client.early().empty()) {
    auto sending = net::write_all(origin.stream(), client.early(), stall);
    const base::Result<void> sent = co_await sending;
    if (!sent) {
      client.finish(sent.error());
      co_return after::Abort{};
    }
  }
  co_return after::Tunnel{std::move(origin), *std::move(place)};
}

}  // namespace proxy
