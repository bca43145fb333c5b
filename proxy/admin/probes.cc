#include "proxy/admin/probes.h"

#include <utility>

#include "http1/small_server.h"

namespace proxy::admin {
namespace {

constexpr std::size_t kConnections = 64;
constexpr std::chrono::seconds kDeadline{3};  // first octet to the last of the answer
constexpr std::size_t kMaxHeadBytes = 8192;

http1::ServerOptions options_for(const base::Endpoint& endpoint) {
  http1::ServerOptions options;
  options.listen = endpoint;
  options.connections = kConnections;
  options.threads = 1;
  options.request = kDeadline;
  options.idle = kDeadline;
  options.kept = http1::ServerOptions::Connections::kForOneRequest;
  options.limits.start_line_bytes = kMaxHeadBytes;
  options.limits.field_bytes = kMaxHeadBytes;
  options.limits.head_bytes = kMaxHeadBytes;
  return options;
}

http::Reply say(int status, std::string text) {
  http::Reply reply = http1::make_reply(status, std::move(text), "text/plain; charset=utf-8");
  reply.fields.add("Cache-Control", "no-store");
  return reply;
}

}  // namespace

struct Probes::Impl final : http1::Site {
  explicit Impl(std::function<bool()> is_ready) : ready(std::move(is_ready)) {}

  std::optional<http::Reply> at_once(const http1::Request& request) override {
    return answer(request);
  }

  http::Reply answer(const http1::Request& request) override {
    const std::string& method = request.head.method;
    if (method != "GET" && method != "HEAD") {
      http::Reply reply = say(405, "probes are GET or HEAD\n");
      reply.fields.add("Allow", "GET, HEAD");
      return reply;
    }
    if (request.path == "/livez") return say(200, "ok\n");
    if (request.path != "/readyz") return say(404, "no such page; there are /livez and /readyz\n");
    return ready() ? say(200, "ready\n") : say(503, "draining\n");
  }

  http::Reply refuse(int status, std::string_view sentence) override {
    return say(status, std::string(sentence) + "\n");
  }

  const std::function<bool()> ready;
  // Last, so that its threads end before what they use.
  std::unique_ptr<http1::SmallServer> server;
};

base::Result<std::unique_ptr<Probes>> Probes::start(const base::Endpoint& endpoint,
                                                    std::function<bool()> ready,
                                                    std::optional<net::ListeningSocket> socket) {
  auto impl = std::make_unique<Impl>(std::move(ready));
  auto server = http1::SmallServer::start(options_for(endpoint), *impl, std::move(socket));
  if (!server) {
    base::Error error = std::move(server).error();
    error.detail = "the endpoint for probes (admin.probes): " + error.detail;
    return base::fail(std::move(error));
  }
  impl->server = std::move(*server);
  return std::unique_ptr<Probes>(new Probes(std::move(impl)));
}

Probes::Probes(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Probes::~Probes() = default;

void Probes::retire() { impl_->server->retire(); }

bool Probes::has_retired() const { return impl_->server->has_retired(); }

const base::Endpoint& Probes::endpoint() const { return impl_->server->endpoint(); }

}  // namespace proxy::admin
