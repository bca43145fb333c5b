// An HTTP server on loopback that stands for an origin: with or without TLS, it answers every
// request with 200 and a line that says who answered.
#pragma once

#include <list>
#include <memory>
#include <string>

#include "base/ip.h"
#include "base/result.h"
#include "net/listener.h"
#include "net/loop.h"
#include "net/task.h"
#include "tls/server.h"

namespace check {

class OriginServer final : private net::Listener::Handler {
 public:
  // Listens on `endpoint` (port 0 picks one) on the loop's thread. `context` is nullptr for plain
  // HTTP. `name` goes into every answer. Fails like net::ListeningSocket::open.
  static base::Result<std::unique_ptr<OriginServer>> start(
      net::Loop& loop, const base::Endpoint& endpoint, std::string name,
      std::shared_ptr<const tls::ServerContext> context);
  ~OriginServer();

  const base::Endpoint& endpoint() const { return listener_->endpoint(); }

 private:
  struct Conversation {
    OriginServer& server;
    std::unique_ptr<net::Stream> stream;
    net::Task<void> task;
  };

  OriginServer(net::Loop& loop, std::string name,
               std::shared_ptr<const tls::ServerContext> context);
  void on_accept(int fd, const base::Endpoint& client) override;
  void on_accept_pause() override {}
  net::Task<void> converse(Conversation& conversation);
  net::Task<void> answer(net::Stream& stream);

  net::Loop& loop_;
  std::string name_;
  std::shared_ptr<const tls::ServerContext> context_;
  std::list<Conversation> conversations_;
  std::unique_ptr<net::Listener> listener_;
};

}  // namespace check
