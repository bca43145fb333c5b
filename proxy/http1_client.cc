#include "proxy/http1_client.h"

#include <cerrno>

#include "http/framing.h"

namespace proxy {

base::Result<http::BodyLength> Http1Client::body(const http::RequestHead& head) const {
  return http::request_body(head);
}

Source& Http1Client::open_content(const http::BodyLength& body) {
  return source_.emplace(reader_, body, http::MessageKind::kRequest, limits_);
}

net::Task<base::Result<void>> Http1Client::inform(const http::ResponseHead& head,
                                                  const http::ResponseRewrite& how,
                                                  net::Patience patience) {
  // HTTP/1.0 has no interim responses (RFC 9110 §15.2).
  if (how.client_minor_version == 0) co_return base::Result<void>();
  sink_.begin(http::client_response(head, how), {});
  auto sending = sink_.send({}, patience);
  const base::Result<void> sent = co_await sending;
  count();
  co_return sent;
}

Sink& Http1Client::respond(const http::ResponseHead& head, const http::ResponseRewrite& how) {
  sink_.begin(http::client_response(head, how), how.body);
  return sink_;
}

net::Task<base::Result<void>> Http1Client::grant_tunnel(const std::string& /*via*/,
                                                        net::Patience patience) {
  sink_.begin(std::string(http::connect_reply()), {});
  auto sending = sink_.send({}, patience);
  const base::Result<void> sent = co_await sending;
  count();
  co_return sent;
}

net::Task<base::Result<void>> Http1Client::reply(const http::Reply& reply,
                                                 http::Persistence persistence,
                                                 net::Patience patience) {
  sink_.begin(http::to_http1(reply, persistence), {});
  auto sending = sink_.send({}, patience);
  const base::Result<void> sent = co_await sending;
  count();
  co_return sent;
}

void Http1Client::count() {
  account().record.bytes_in += reader_.take_received();
  account().record.bytes_out += sink_.octets() - counted_;
  counted_ = sink_.octets();
}

void Http1Client::watch(Gone& gone) {
  gone_ = &gone;
  net::Poll& poll = connection_.carrier().poll();
  poll.set_waiter(net::Ready::kRead, this);
  // A reset that was announced before, while the origin was dialled say, comes with no further
  // edge.
  if (poll.broken()) on_ready();
}

void Http1Client::unwatch() {
  if (gone_ == nullptr) return;
  gone_ = nullptr;
  connection_.carrier().poll().set_waiter(net::Ready::kRead, nullptr);
}

// A reset shows at the carrier, whatever lies above it. A FIN is none. The kernel tells the error
// once, and whoever watched before may have had it: of a broken connection the next call says that
// it ended.
void Http1Client::on_ready() {
  net::Carrier& carrier = connection_.carrier();
  const net::IoResult there = carrier.peek();
  const bool failed = there.kind == net::IoResult::Kind::kError;
  if (!failed && !carrier.poll().broken()) return;
  gone_->on_client_gone(net::io_error(carrier, failed ? there.cause : ECONNRESET));
}

}  // namespace proxy
