#include "check/simulation/origin_server.h"

#include <array>

#include "http/limits.h"
#include "http1/message_reader.h"
#include "net/socket.h"
#include "tls/handshake.h"

namespace check {
namespace {

constexpr base::Millis kPatience{5000};

}  // namespace

base::Result<std::unique_ptr<OriginServer>> OriginServer::start(
    net::Loop& loop, const base::Endpoint& endpoint, std::string name,
    std::shared_ptr<const tls::ServerContext> context) {
  auto socket = net::ListeningSocket::open(endpoint, net::ListeningSocket::Stack::kDual);
  if (!socket) return base::fail(socket.error());
  std::unique_ptr<OriginServer> server(new OriginServer(loop, std::move(name), std::move(context)));
  net::Listener::Handler& handler = *server;
  server->listener_ = std::make_unique<net::Listener>(loop, std::move(*socket), handler);
  return server;
}

OriginServer::OriginServer(net::Loop& loop, std::string name,
                           std::shared_ptr<const tls::ServerContext> context)
    : loop_(loop), name_(std::move(name)), context_(std::move(context)) {}

OriginServer::~OriginServer() {
  listener_.reset();
  for (Conversation& conversation : conversations_) conversation.task.cancel();
}

void OriginServer::on_accept(int fd, const base::Endpoint&) {
  auto socket = std::make_unique<net::Socket>(loop_, fd, base::Party::kClient);
  conversations_.push_back({*this, std::move(socket), {}});
  Conversation& conversation = conversations_.back();
  conversation.task = converse(conversation);
  conversation.task.start(
      [](void* argument) {
        auto* ended = static_cast<Conversation*>(argument);
        OriginServer* server = &ended->server;
        server->loop_.defer([server, ended] {
          server->conversations_.remove_if(
              [&](const Conversation& each) { return &each == ended; });
        });
      },
      &conversation);
}

net::Task<void> OriginServer::converse(Conversation& conversation) {
  if (context_ != nullptr) {
    auto secured = context_->make_stream(std::move(conversation.stream));
    if (!secured) co_return;
    auto shaking = tls::handshake(**secured, loop_.now() + kPatience);
    const tls::HandshakeOutcome outcome = co_await shaking;
    if (!outcome.info) co_return;
    conversation.stream = std::move(*secured);
  }
  auto answering = answer(*conversation.stream);
  co_await answering;
}

net::Task<void> OriginServer::answer(net::Stream& stream) {
  const net::Patience patience{kPatience, loop_.now() + kPatience};
  http1::MessageReader reader(stream);
  const http::Limits limits;
  auto reading = reader.read_head(http::MessageKind::kRequest, limits, patience);
  const auto head = co_await reading;
  if (!head) co_return;
  // As the platform's addresses say it (check/connection.cc looks for that).
  const std::string body = "simulated " + name_ + "\n{\"compute\": {}}\n<Versions></Versions>\n";
  const std::string text =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n"
      "Content-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body;
  auto writing = net::write_all(stream, text, patience);
  const base::Result<void> written = co_await writing;
  if (!written) co_return;
  stream.shutdown_write();
  // Until the peer has closed as well: closing first with octets unread would reset the connection.
  std::array<char, 512> rest;
  for (;;) {
    auto draining = net::read_some(stream, rest, patience);
    const base::Result<size_t> got = co_await draining;
    if (!got || *got == 0) co_return;
  }
}

}  // namespace check
