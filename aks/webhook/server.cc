#include "aks/webhook/server.h"

#include "aks/webhook/conversation.h"
#include "net/acceptor.h"

namespace aks::webhook {
namespace {

// Counts a connection for as long as it lives.
class Presence {
 public:
  explicit Presence(Desk& desk) : desk_(desk) {
    ++desk_.open;
    desk_.metrics.count_connection();
  }
  ~Presence() { --desk_.open; }
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;

 private:
  Desk& desk_;
};

}  // namespace

struct Server::Impl {
  Impl(const ServerOptions& chosen, const LiveSettings& settings, Metrics& metrics)
      : options(chosen), desk{settings, metrics, chosen.threads} {}

  void serve(int fd, int stop_fd) {
    const Presence presence(desk);
    net::WaitingSocket socket(fd, stop_fd, base::steady_now() + options.handshake);
    // The connection keeps the context that it began with.
    const auto context = desk.settings.identity().context;
    const auto tls = context->make_waiting(socket);
    if (!tls || !(*tls)->handshake()) return desk.metrics.count_failed_handshake();
    Conversation conversation(desk, **tls, socket);
    while (conversation.await_request(stop_fd, options.idle)) {
      if (!conversation.serve(options.request)) break;
    }
    (*tls)->close();
    net::discard_unread(fd);
  }

  const ServerOptions options;
  Desk desk;
  // Last, so that its threads end before what they use.
  std::unique_ptr<net::Acceptor> acceptor;
};

base::Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options,
                                                    const LiveSettings& settings,
                                                    Metrics& metrics) {
  auto impl = std::make_unique<Impl>(options, settings, metrics);
  auto acceptor =
      net::Acceptor::start(options.listen, options.threads,
                           [self = impl.get()](int fd, int stop) { self->serve(fd, stop); });
  if (!acceptor) return base::fail(std::move(acceptor).error());
  impl->acceptor = std::move(acceptor).value();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() { drain(); }

void Server::drain() { impl_->desk.draining = true; }

const base::Endpoint& Server::endpoint() const { return impl_->acceptor->endpoint(); }

}  // namespace aks::webhook
