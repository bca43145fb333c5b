#include "proxy/admin/server.h"

#include <cstdint>
#include <exception>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "base/clock.h"
#include "net/acceptor.h"
#include "proxy/admin/deadline_stream.h"

namespace proxy::admin {
namespace {

using httplib::Request;
using httplib::Response;

// So many clients at once, then the kernel's backlog; one that says nothing holds a thread for the
// deadline at most.
constexpr std::size_t kThreads = 4;
constexpr std::chrono::seconds kDeadline{3};  // accept to the last octet of the answer
constexpr std::size_t kMaxHeadBytes = 8192;

constexpr char kText[] = "text/plain; charset=utf-8";
constexpr char kIndex[] =
    "Sluice admin\n"
    "/healthz   200 while the process runs\n"
    "/readyz    200 while it takes new requests, 503 while it drains\n"
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

bool host_is_acceptable(const Request& request) {
  const std::size_t count = request.get_header_value_count("Host");
  // Load balancers probe in HTTP/1.0 without Host; browsers always send one.
  if (count == 0) return request.version == "HTTP/1.0";
  return count == 1 && is_safe_host(request.get_header_value("Host"));
}

void reply(Response& response, int status, const std::string& body, const char* type = kText) {
  response.status = status;
  response.set_content(body, type);
}

}  // namespace

// cpp-httplib reads requests and writes responses; sockets and threads are the acceptor's, because
// its own server shuts down for good after an aborted connection and cannot be stopped promptly.
struct Server::Impl : private httplib::Server {
  Impl(std::string secret, Sources shown) : token(std::move(secret)), sources(std::move(shown)) {
    set_pre_routing_handler([this](const Request& request, Response& response) {
      answer(request, response);
      return HandlerResponse::Handled;
    });
  }

  void serve(int fd, int stop_fd) {
    DeadlineStream stream(fd, stop_fd, base::steady_now() + kDeadline, kMaxHeadBytes);
    bool connection_closed = false;
    try {
      // Ranges are dropped: many small ones would multiply the body.
      process_request(stream, true, connection_closed, [](Request& r) { r.ranges.clear(); });
    } catch (const std::exception&) {
      // An odd request, or no memory for an answer: the connection ends, the thread goes on.
    }
    net::discard_unread(fd);
  }

  void answer(const Request& request, Response& response) const {
    response.set_header("Cache-Control", "no-store");
    response.set_header("X-Content-Type-Options", "nosniff");
    if (request.method != "GET" && request.method != "HEAD") {
      response.set_header("Allow", "GET, HEAD");
      return reply(response, 405, "the admin endpoint answers GET and HEAD only\n");
    }
    if (!host_is_acceptable(request)) {
      return reply(response, 400, "Host has to be an address or localhost\n");
    }
    if (request.path == "/healthz") return reply(response, 200, "ok\n");
    if (request.path == "/readyz") {
      const bool ready = sources.ready();
      return reply(response, ready ? 200 : 503, ready ? "ready\n" : "draining\n");
    }
    if (!is_authorized(request)) {
      response.set_header("WWW-Authenticate", "Bearer");
      return reply(response, 401, "send the admin token: Authorization: Bearer …\n");
    }
    show(request.path, response);
  }

  void show(std::string_view path, Response& response) const {
    if (path == "/") return reply(response, 200, kIndex);
    if (path == "/sessions") return reply(response, 200, sources.sessions(), "application/json");
    if (path == "/misroutes") return reply(response, 200, sources.misroutes(), "application/json");
    if (path == "/inspection") {
      return reply(response, 200, sources.inspection(), "application/json");
    }
    if (path == "/metrics") {
      return reply(response, 200, sources.metrics(), "text/plain; version=0.0.4; charset=utf-8");
    }
    reply(response, 404, "no such page; / lists them\n");
  }

  bool is_authorized(const Request& request) const {
    if (token.empty()) return true;
    if (request.get_header_value_count("Authorization") != 1) return false;
    const std::string credentials = request.get_header_value("Authorization");
    constexpr std::string_view kScheme = "Bearer ";
    return base::iequals(std::string_view(credentials).substr(0, kScheme.size()), kScheme) &&
           same_secret(std::string_view(credentials).substr(kScheme.size()), token);
  }

  const std::string token;
  const Sources sources;
  // Last, so that its threads end before what they use.
  std::unique_ptr<net::Acceptor> acceptor;
};

base::Result<std::unique_ptr<Server>> Server::start(const base::Endpoint& endpoint,
                                                    std::string token, Sources sources) {
  auto impl = std::make_unique<Impl>(std::move(token), std::move(sources));
  auto acceptor = net::Acceptor::start(
      endpoint, kThreads, [self = impl.get()](int fd, int stop_fd) { self->serve(fd, stop_fd); });
  if (!acceptor) {
    base::Error error = std::move(acceptor).error();
    error.detail = "the admin endpoint (admin.listen): " + error.detail;
    return base::fail(std::move(error));
  }
  impl->acceptor = std::move(acceptor).value();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() = default;

const base::Endpoint& Server::endpoint() const { return impl_->acceptor->endpoint(); }

}  // namespace proxy::admin
