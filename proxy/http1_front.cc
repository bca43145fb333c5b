#include "proxy/http1_front.h"

#include <utility>
#include <variant>

#include "http/parse.h"
#include "proxy/http1_client.h"
#include "proxy/origins_for.h"

namespace proxy {

using base::ErrorCode;
using base::Party;

Http1Front::Http1Front(const Service& service, ClientConnection& client, Exchanges& exchanges,
                       const Intake& intake, std::optional<inspect::Inside> inside)
    : service_(service),
      client_(client),
      exchanges_(exchanges),
      intake_(intake),
      reach_(service, Reach::Places::kOfSession),
      origins_(origins_for(service, reach_, std::move(inside))),
      handler_(service, reach_, *origins_, intake) {}

net::Task<After> Http1Front::serve() {
  for (;;) {
    client_.stage = Stage::kRequest;
    http::RequestHead head;
    auto reading = read_request(head);
    const base::Result<bool> arrived = co_await reading;
    if (arrived && !*arrived) {
      // A stream of HTTP/2 is not over by being dropped.
      client_.stream().shutdown_write();
      co_return after::Gone{};
    }
    Http1Client end(client_.account, client_.connection, *client_.reader,
                    service_.runtime().http_limits);
    if (!arrived) {
      auto refusing = handler_.refuse(end, arrived.error(), http::Persistence::kClose);
      co_return co_await refusing;
    }
    client_.stage = Stage::kExchange;
    auto handling = handler_.handle(end, head);
    After after = co_await handling;
    if (!std::holds_alternative<after::Next>(after)) co_return std::move(after);
    if (!intake_.is_open()) co_return after::Linger{};
  }
}

// Reads the next request's head. False when the client closed before sending any of it.
net::Task<base::Result<bool>> Http1Front::read_request(http::RequestHead& head) {
  http1::MessageReader& reader = *client_.reader;
  const config::Timeouts timeouts = service_.config().timeouts;
  // The first head is timed from accept, later ones from their first octet after an idle wait.
  const bool first = awaited_ == Awaited::kFirst;
  auto waiting =
      reader.wait_for_data(service_.caller.patience(first ? timeouts.head : timeouts.keep_alive));
  const auto arrival = co_await waiting;
  if (!arrival) {
    // An idle connection ends without a word. So does one whose client gives it up unused: with TLS
    // many do so without close_notify (RFC 9112 §9.8 asks servers to be prepared for that), or by a
    // reset, since they leave tickets unread.
    if (!first || arrival.error().code == ErrorCode::kClientClosed) co_return false;
    client_.account = exchanges_.open_next();
    if (arrival.error().code != ErrorCode::kIdleTimeout) co_return base::fail(arrival.error());
    co_return base::fail(ErrorCode::kClientTimeout, Party::kClient,
                         "no request arrived within timeouts.head");
  }
  if (*arrival == http1::MessageReader::Arrival::kEnd) co_return false;
  client_.account = exchanges_.open_next();
  // Either version's first octet (RFC 1928 §3).
  if (reader.buffered().starts_with('\x05') || reader.buffered().starts_with('\x04')) {
    co_return base::fail(ErrorCode::kBadRequest, Party::kClient,
                         "the client speaks SOCKS, and this is an HTTP proxy; write the proxy's "
                         "URL with http:// instead of socks5://");
  }
  if (client_.connection.is_plain() && reader.buffered().starts_with('\x16')) {
    co_return base::fail(ErrorCode::kBadRequest, Party::kClient,
                         "the client speaks TLS to a port for plain HTTP; write the proxy's URL "
                         "with http://, or use a port of tls.listen");
  }
  const base::Instant from = first ? client_.head_from : service_.tools.now();
  awaited_ = Awaited::kNext;
  const net::Patience until_deadline{timeouts.head, from + timeouts.head};
  auto reading =
      reader.read_head(http::MessageKind::kRequest, service_.runtime().http_limits, until_deadline);
  const auto octets = co_await reading;
  if (!octets) {
    if (octets.error().code != ErrorCode::kIdleTimeout) co_return base::fail(octets.error());
    co_return base::fail(ErrorCode::kClientTimeout, Party::kClient,
                         "the request head did not arrive whole within timeouts.head");
  }
  auto parsed = http::parse_request_head(*octets, service_.runtime().http_limits);
  if (!parsed) co_return base::fail(parsed.error());
  head = std::move(*parsed);
  co_return true;
}

}  // namespace proxy
