#include "aks/webhook/desk.h"

#include "aks/webhook/request_rules.h"
#include "tls/handshake.h"

namespace aks::webhook {
namespace {

using http1::make_reply;
using http1::Request;

constexpr const char* kJson = "application/json";
constexpr const char* kText = "text/plain; charset=utf-8";

http::Reply uncached(http::Reply reply) {
  reply.fields.add("Cache-Control", "no-store");
  return reply;
}

http::Reply say(int status, std::string text) {
  return uncached(make_reply(status, std::move(text), kText));
}

http::Reply readiness(const Desk& desk) {
  return desk.draining() ? say(503, "draining\n") : say(200, "ready\n");
}

}  // namespace

net::Task<std::unique_ptr<net::Stream>> Desk::enter(std::unique_ptr<net::Socket> socket,
                                                    base::Instant deadline) {
  metrics_.count_connection();
  // The connection keeps the context that it began with.
  const std::shared_ptr<const tls::ServerContext> context = settings_.identity().context;
  std::unique_ptr<net::Stream> entered;
  auto made = context->make_stream(std::move(socket));
  if (!made) co_return entered;
  auto shaking = tls::handshake(**made, deadline);
  const tls::HandshakeOutcome outcome = co_await shaking;
  if (outcome.info) {
    entered = std::move(*made);
  } else {
    metrics_.count_failed_handshake();
  }
  co_return entered;
}

std::optional<http::Reply> Desk::at_once(const Request& request) {
  if (const auto refusal = judge(request.head, request.path)) {
    return refuse(refusal->status, refusal->message);
  }
  if (request.path == kMutatePath) return std::nullopt;
  if (request.path == "/healthz" || request.path == "/livez") return say(200, "ok\n");
  if (request.path == "/readyz") return readiness(*this);
  if (request.path == "/metrics") {
    return uncached(make_reply(200, metrics_.text(open_, settings_.identity().not_after),
                               "text/plain; version=0.0.4; charset=utf-8"));
  }
  return say(404, "no such page: there are /livez, /healthz, /readyz and /metrics\n");
}

http::Reply Desk::answer(const Request& request) {
  const auto injection = settings_.injection();
  const base::Instant began = base::steady_now();
  AdmissionAnswer answer = review_admission(request.content, *injection);
  metrics_.count(answer.outcome,
                 std::chrono::duration_cast<std::chrono::microseconds>(base::steady_now() - began));
  return uncached(make_reply(answer.status, std::move(answer.body), kJson));
}

http::Reply Desk::refuse(int status, std::string_view sentence) {
  metrics_.count(AdmissionOutcome::kRefused, std::chrono::microseconds(0));
  return uncached(make_reply(status, status_body(status, std::string(sentence)), kJson));
}

std::optional<http::Reply> Probes::at_once(const Request& request) {
  if (request.head.method != "GET" && request.head.method != "HEAD") {
    http::Reply reply = say(405, "probes are read with GET\n");
    reply.fields.add("Allow", "GET, HEAD");
    return reply;
  }
  if (request.path == "/livez") return say(200, "ok\n");
  if (request.path == "/readyz") return readiness(desk_);
  return say(404, "no such page: there are /livez and /readyz\n");
}

http::Reply Probes::answer(const Request& /*request*/) { return refuse(404, "no such page"); }

http::Reply Probes::refuse(int status, std::string_view sentence) {
  return say(status, std::string(sentence) + "\n");
}

}  // namespace aks::webhook
