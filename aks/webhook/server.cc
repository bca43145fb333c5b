#include "aks/webhook/server.h"

#include "aks/webhook/desk.h"
#include "http1/small_server.h"

namespace aks::webhook {
namespace {

constexpr std::size_t kMaxHeadBytes = 16 * 1024;
constexpr std::size_t kMaxLineBytes = 8 * 1024;
constexpr std::size_t kProbers = 64;

http1::ServerOptions for_reviews(const ServerOptions& chosen) {
  http1::ServerOptions options;
  options.listen = chosen.listen;
  options.connections = chosen.connections;
  options.threads = chosen.threads;
  options.enter = chosen.handshake;
  options.request = chosen.request;
  options.idle = chosen.idle;
  options.grace = chosen.request;
  options.limits.start_line_bytes = kMaxLineBytes;
  options.limits.field_bytes = kMaxLineBytes;
  options.limits.head_bytes = kMaxHeadBytes;
  options.max_content = kMaxReviewBytes;
  options.held_content = kMaxHeldReviews;
  options.heavy = kLargeReview;
  return options;
}

http1::ServerOptions for_probes(const ServerOptions& chosen) {
  http1::ServerOptions options = for_reviews(chosen);
  options.listen = *chosen.probes;
  options.connections = kProbers;
  options.threads = 1;
  options.idle = chosen.request;
  options.grace = std::chrono::milliseconds(0);
  options.kept = http1::ServerOptions::Connections::kForOneRequest;
  options.max_content = 0;
  return options;
}

}  // namespace

struct Server::Impl {
  Impl(const LiveSettings& settings, Metrics& metrics) : desk(settings, metrics), pages(desk) {}

  Desk desk;
  Probes pages;
  // These end before what they show. Probes say "draining" to the last.
  std::unique_ptr<http1::SmallServer> probes;
  std::unique_ptr<http1::SmallServer> reviews;
};

base::Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options,
                                                    const LiveSettings& settings,
                                                    Metrics& metrics) {
  auto impl = std::make_unique<Impl>(settings, metrics);
  if (options.probes) {
    auto probes = http1::SmallServer::start(for_probes(options), impl->pages);
    if (!probes) return base::fail(std::move(probes).error());
    impl->probes = std::move(*probes);
  }
  auto reviews = http1::SmallServer::start(for_reviews(options), impl->desk);
  if (!reviews) return base::fail(std::move(reviews).error());
  impl->reviews = std::move(*reviews);
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() { drain(); }

void Server::drain() {
  impl_->desk.drain();
  impl_->reviews->drain();
}

const base::Endpoint& Server::endpoint() const { return impl_->reviews->endpoint(); }

const base::Endpoint* Server::probes() const {
  return impl_->probes == nullptr ? nullptr : &impl_->probes->endpoint();
}

}  // namespace aks::webhook
