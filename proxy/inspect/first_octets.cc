#include "proxy/inspect/first_octets.h"

#include "net/await.h"
#include "net/io.h"
#include "tls/client_hello_reader.h"

namespace proxy::inspect {

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

net::Task<bool> origin_speaks_first(ClientConnection& client, Connection& origin,
                                    base::Instant deadline) {
  // TLS that is there already may have tickets to send.
  if (!origin.is_plain() || !client.reader->buffered().empty() || client.stream().has_buffered()) {
    co_return false;
  }
  EitherReadable either(client.carrier().poll(), origin.carrier().poll());
  while (client.carrier().peek().kind == net::IoResult::Kind::kWouldBlock) {
    if (origin.carrier().peek().kind == net::IoResult::Kind::kDone) co_return true;
    auto waiting = either.wait(deadline);
    const net::Wake wake = co_await waiting;
    if (wake == net::Wake::kTimeout) break;
  }
  co_return false;
}

net::Task<base::Result<Peeked>> read_hello(http1::MessageReader& reader, net::Patience patience) {
  tls::ClientHelloReader hello;
  size_t seen = 0;
  for (;;) {
    const auto state = hello.feed(reader.buffered().substr(seen));
    if (!state) co_return base::fail(state.error());
    seen = reader.buffered().size();
    if (*state == tls::ClientHelloReader::State::kNotTls) co_return Peeked{};
    if (*state == tls::ClientHelloReader::State::kComplete) {
      co_return Peeked{Peeked::Kind::kTls, hello.hello()};
    }
    auto filling = reader.fill(patience);
    const base::Result<size_t> got = co_await filling;
    if (!got && got.error().code == ErrorCode::kIdleTimeout) {
      // A protocol in which the server speaks first looks like this.
      if (seen == 0) co_return Peeked{};
      co_return base::fail(ErrorCode::kClientTimeout, Party::kClient,
                           "the ClientHello did not arrive whole within timeouts.tls_handshake");
    }
    if (!got) co_return base::fail(got.error());
    if (*got == 0 && seen == 0) co_return Peeked{};
    if (*got == 0) {
      co_return base::fail(ErrorCode::kClientClosed, Party::kClient,
                           "the client closed the connection inside its ClientHello");
    }
  }
}

}  // namespace proxy::inspect
