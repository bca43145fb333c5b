#include "proxy/admin/server.h"

#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "http1/small_server.h"

namespace proxy::admin {
namespace {

using http1::make_reply;
using http1::Request;

constexpr std::size_t kConnections = 256;
// /sessions and its like wait for the workers, a second at most.
constexpr std::size_t kThreads = 2;
constexpr std::chrono::seconds kDeadline{3};  // first octet to the last of the answer
constexpr std::size_t kMaxHeadBytes = 8192;

constexpr std::string_view kText = "text/plain; charset=utf-8";
constexpr std::string_view kJson = "application/json";
constexpr char kIndex[] =
    "Sluice admin\n"
    "/healthz   200 while the process runs\n"
    "/readyz    200 while it takes new requests, 503 while it drains; ?verbose: which "
    "configuration runs\n"
    "/metrics   Prometheus text format\n"
    "/sessions  sessions in progress (JSON)\n"
    "/misroutes requests that noProxy should have kept away (JSON)\n"
    "/inspection who rejects the inspection CA, and origins that want certificates (JSON)\n";

// Takes the same time for every text of the same length, so that a guess is not led by its speed.
bool same_secret(std::string_view given, std::string_view expected) {
  unsigned difference = given.size() == expected.size() ? 0 : 1;
  const auto octet = [](char c) { return static_cast<unsigned>(static_cast<unsigned char>(c)); };
  for (std::size_t i = 0; i < given.size(); ++i) {
    difference |= octet(given[i]) ^ octet(expected[i % expected.size()]);
  }
  return difference == 0;
}

// Whether Host is an address or localhost, with or without port. Any other name may have been bound
// to this address by a web page in a browser on this machine (DNS rebinding).
bool is_safe_host(std::string_view host) {
  if (base::Endpoint::parse(host) || base::IpAddress::parse(host)) return true;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    return base::IpAddress::parse(host.substr(1, host.size() - 2)).has_value();
  }
  const std::size_t colon = host.find(':');
  const bool port_ok =
      colon == std::string_view::npos || base::parse_port(host.substr(colon + 1)).has_value();
  return port_ok && base::iequals(host.substr(0, colon), "localhost");
}

bool host_is_acceptable(const http::RequestHead& head) {
  const std::size_t count = head.fields.count("Host");
  // Load balancers probe in HTTP/1.0 without Host; browsers always send one.
  if (count == 0) return head.minor_version == 0;
  return count == 1 && is_safe_host(*head.fields.find("Host"));
}

http1::ServerOptions options_for(const base::Endpoint& endpoint) {
  http1::ServerOptions options;
  options.listen = endpoint;
  options.connections = kConnections;
  options.threads = kThreads;
  options.request = kDeadline;
  options.idle = kDeadline;
  options.kept = http1::ServerOptions::Connections::kForOneRequest;
  options.limits.start_line_bytes = kMaxHeadBytes;
  options.limits.field_bytes = kMaxHeadBytes;
  options.limits.head_bytes = kMaxHeadBytes;
  return options;
}

}  // namespace

struct Server::Impl final : http1::Site {
  Impl(std::string secret, Sources shown) : token(std::move(secret)), sources(std::move(shown)) {}

  std::optional<http::Reply> at_once(const Request& request) override {
    const std::string& method = request.head.method;
    if (method != "GET" && method != "HEAD") {
      http::Reply reply = say(405, "the admin endpoint answers GET and HEAD only\n");
      reply.fields.add("Allow", "GET, HEAD");
      return reply;
    }
    if (!host_is_acceptable(request.head)) {
      return say(400, "Host has to be an address or localhost\n");
    }
    if (request.path == "/healthz") return say(200, "ok\n");
    const bool detailed = request.path == "/readyz" && request.head.target.ends_with("?verbose");
    if (request.path == "/readyz" && !detailed) return readiness();
    if (!is_authorized(request.head)) {
      http::Reply reply = say(401, "send the admin token: Authorization: Bearer …\n");
      reply.fields.add("WWW-Authenticate", "Bearer");
      return reply;
    }
    if (detailed) return readiness(sources.running() + "\n");
    return std::nullopt;
  }

  http::Reply readiness(const std::string& detail = "") const {
    return sources.ready() ? say(200, "ready\n" + detail) : say(503, "draining\n" + detail);
  }

  http::Reply answer(const Request& request) override {
    const std::string& path = request.path;
    if (path == "/") return say(200, kIndex);
    if (path == "/sessions") return show(sources.sessions(), kJson);
    if (path == "/misroutes") return show(sources.misroutes(), kJson);
    if (path == "/inspection") return show(sources.inspection(), kJson);
    if (path == "/metrics") {
      return show(sources.metrics(), "text/plain; version=0.0.4; charset=utf-8");
    }
    return say(404, "no such page; / lists them\n");
  }

  http::Reply refuse(int status, std::string_view sentence) override {
    return say(status, std::string(sentence) + "\n");
  }

  static http::Reply say(int status, std::string text) {
    return with_care(make_reply(status, std::move(text), kText));
  }
  static http::Reply show(std::string page, std::string_view type) {
    return with_care(make_reply(200, std::move(page), type));
  }
  static http::Reply with_care(http::Reply reply) {
    reply.fields.add("Cache-Control", "no-store");
    reply.fields.add("X-Content-Type-Options", "nosniff");
    return reply;
  }

  bool is_authorized(const http::RequestHead& head) const {
    if (token.empty()) return true;
    if (head.fields.count("Authorization") != 1) return false;
    const std::string_view credentials = *head.fields.find("Authorization");
    constexpr std::string_view kScheme = "Bearer ";
    return base::iequals(credentials.substr(0, kScheme.size()), kScheme) &&
           same_secret(credentials.substr(kScheme.size()), token);
  }

  const std::string token;
  const Sources sources;
  // Last, so that its threads end before what they use.
  std::unique_ptr<http1::SmallServer> server;
};

base::Result<std::unique_ptr<Server>> Server::start(const base::Endpoint& endpoint,
                                                    std::string token, Sources sources,
                                                    std::optional<net::ListeningSocket> socket) {
  auto impl = std::make_unique<Impl>(std::move(token), std::move(sources));
  auto server = http1::SmallServer::start(options_for(endpoint), *impl, std::move(socket));
  if (!server) {
    base::Error error = std::move(server).error();
    error.detail = "the admin endpoint (admin.listen): " + error.detail;
    return base::fail(std::move(error));
  }
  impl->server = std::move(*server);
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() = default;

void Server::retire() { impl_->server->retire(); }

bool Server::has_retired() const { return impl_->server->has_retired(); }

const base::Endpoint& Server::endpoint() const { return impl_->server->endpoint(); }

}  // namespace proxy::admin
