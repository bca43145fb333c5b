// Waiting for a tunnel's first octets, and reading the ClientHello in them.
#include "net/await.h"
#include "net/io.h"
#include "proxy/session.h"
#include "proxy/worker.h"
#include "tls/client_hello_reader.h"

namespace proxy {

using base::ErrorCode;
using base::Party;

namespace {

// An event at each edge at which there may be something to read on either of two connections.
class EitherReadable final : private net::Waiter {
 public:
  // Both outlive it, and nobody else waits to read from them meanwhile.
  EitherReadable(net::Poll& one, net::Poll& other)
      : one_(one), other_(other), readable_(one.loop()) {
    for (net::Poll* poll : {&one_, &other_}) poll->set_waiter(net::Ready::kRead, this);
  }
  ~EitherReadable() override {
    for (net::Poll* poll : {&one_, &other_}) poll->set_waiter(net::Ready::kRead, nullptr);
  }

  net::Event::Awaiter wait(base::Instant deadline) {
    readable_.reset();
    return readable_.wait(deadline);
  }

 private:
  void on_ready() override { readable_.set(); }

  net::Poll& one_;
  net::Poll& other_;
  net::Event readable_;
};

}  // namespace

// True as soon as the origin has said something while the client has said nothing: the protocol is
// one in which the server speaks first (SMTP, SSH, MySQL), so it is no TLS. False once the client
// speaks, or ends, or `deadline` has come.
net::Task<bool> Session::origin_speaks_first(Connection& origin, base::Instant deadline) {
  // TLS that is there already may have tickets to send.
  if (!origin.is_plain() || !reader_->buffered().empty() || client_.stream().has_buffered()) {
    co_return false;
  }
  EitherReadable either(client_.carrier().poll(), origin.carrier().poll());
  while (client_.carrier().peek().kind == net::IoResult::Kind::kWouldBlock) {
    if (origin.carrier().peek().kind == net::IoResult::Kind::kDone) co_return true;
    auto waiting = either.wait(deadline);
    const net::Wake wake = co_await waiting;
    if (wake == net::Wake::kTimeout) break;
  }
  co_return false;
}

// Everything that was read stays in `reader_`.
net::Task<base::Result<inspect::Peeked>> Session::read_hello() {
  const base::Millis limit = caller_.runtime->config.timeouts.tls_handshake;
  const net::Patience patience{limit, now() + limit};
  tls::ClientHelloReader hello;
  size_t seen = 0;
  for (;;) {
    const auto state = hello.feed(reader_->buffered().substr(seen));
    if (!state) co_return base::fail(state.error());
    seen = reader_->buffered().size();
    if (*state == tls::ClientHelloReader::State::kNotTls) co_return inspect::Peeked{};
    if (*state == tls::ClientHelloReader::State::kComplete) {
      co_return inspect::Peeked{inspect::Peeked::Kind::kTls, hello.hello()};
    }
    auto filling = reader_->fill(patience);
    const base::Result<size_t> got = co_await filling;
    if (!got && got.error().code == ErrorCode::kIdleTimeout) {
      // A protocol in which the server speaks first looks like this.
      if (seen == 0) co_return inspect::Peeked{};
      co_return base::fail(ErrorCode::kClientTimeout, Party::kClient,
                           "the ClientHello did not arrive whole within timeouts.tls_handshake");
    }
    if (!got) co_return base::fail(got.error());
    if (*got == 0 && seen == 0) co_return inspect::Peeked{};
    if (*got == 0) {
      co_return base::fail(ErrorCode::kClientClosed, Party::kClient,
                           "the client closed the connection inside its ClientHello");
    }
  }
}

}  // namespace proxy
