#include "aks/webhook/conversation.h"

#include <poll.h>

#include <algorithm>
#include <exception>

#include "aks/webhook/request_rules.h"
#include "base/ascii.h"

namespace aks::webhook {
namespace {

using httplib::Request;
using httplib::Response;

constexpr std::size_t kMaxHeadBytes = 16 * 1024;
// Beyond the body's own octets, for the lines of chunks.
constexpr std::size_t kMaxChunkLines = 256 * 1024;
// Octets of reviews that all connections together may hold.
constexpr std::size_t kMaxHeld = 64 * 1024 * 1024;
// From here on reviews are answered one at a time: as values they take several times their length.
constexpr std::size_t kLarge = 256 * 1024;
// How often an idle connection looks whether it is in the way.
constexpr std::chrono::seconds kLook{1};

constexpr const char* kJson = "application/json";
constexpr const char* kText = "text/plain; charset=utf-8";

// Counts octets in, and out again at its end.
class Share {
 public:
  explicit Share(std::atomic<std::size_t>& held) : held_(held) {}
  ~Share() { held_ -= mine_; }
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;
  bool take(std::size_t octets) {
    mine_ += octets;
    return (held_ += octets) <= kMaxHeld;
  }

 private:
  std::atomic<std::size_t>& held_;
  std::size_t mine_ = 0;
};

bool asks_to_close(const Request& request) {
  bool close = request.version != "HTTP/1.1";
  base::for_each_element(request.get_header_value("Connection"), [&close](std::string_view option) {
    close = close || base::iequals(option, "close");
  });
  return close;
}

void reply(Response& response, int status, const std::string& body, const char* type) {
  response.status = status;
  response.set_content(body, type);
}

}  // namespace

class Conversation::Stream final : public httplib::Stream {
 public:
  explicit Stream(Conversation& owner) : owner_(owner) {}
  bool is_readable() const override { return owner_.reader_.is_readable(); }
  bool is_writable() const override { return owner_.socket_.wait(POLLOUT); }
  ssize_t read(char* data, std::size_t size) override { return owner_.reader_.read(data, size); }
  ssize_t write(const char* data, std::size_t size) override {
    return owner_.stream_.write(data, size);
  }
  // Shown to nobody.
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip.clear();
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    get_remote_ip_and_port(ip, port);
  }
  // Always -1, because cpp-httplib 0.11 refuses requests on descriptors from 1024 on.
  socket_t socket() const override { return INVALID_SOCKET; }

 private:
  Conversation& owner_;
};

Conversation::Conversation(Desk& desk, net::WaitingStream& stream, net::WaitingSocket& socket)
    : desk_(desk), stream_(stream), socket_(socket), reader_(stream, 0) {
  set_pre_routing_handler(
      [this](const Request& request, Response& response) { return route(request, response); });
  Post(kMutatePath, [this](const Request&, Response& response, const httplib::ContentReader& read) {
    review(response, read);
  });
  // cpp-httplib decides about the connection before the body is read; the last word is here.
  set_post_routing_handler([this](const Request&, Response& response) {
    if (desk_.draining || desk_.is_crowded()) after_ = After::kClose;
    response.headers.erase("Keep-Alive");
    response.headers.erase("Connection");
    if (after_ == After::kClose) response.set_header("Connection", "close");
  });
  // What it would say itself repeats the exception's text.
  set_exception_handler([this](const Request&, Response& response, const std::exception_ptr&) {
    refuse(response, 500, "the review could not be answered");
  });
}

bool Conversation::await_request(int stop_fd, std::chrono::milliseconds idle) {
  if (reader_.has_buffered()) return true;
  const base::Instant give_up = base::steady_now() + idle;
  socket_.set_stop(stop_fd);
  for (;;) {
    socket_.set_deadline(std::min(give_up, base::steady_now() + kLook));
    if (stream_.wait_readable()) return true;
    if (desk_.draining || desk_.is_crowded() || base::steady_now() >= give_up) return false;
  }
}

bool Conversation::serve(std::chrono::milliseconds limit) {
  // A request that has begun is answered even while the server stops.
  socket_.set_stop(-1);
  deadline_ = base::steady_now() + limit;
  socket_.set_deadline(deadline_);
  reader_.allow(kMaxHeadBytes);
  after_ = After::kClose;  // until the head has been read and found good
  Stream stream(*this);
  bool closed = false;
  try {
    const auto prepare_request = [this](Request& request) { prepare(request); };
    if (!process_request(stream, false, closed, prepare_request)) return false;
  } catch (const std::exception&) {
    // No memory for an answer: the connection ends, the thread goes on.
    return false;
  }
  return after_ == After::kContinue;
}

void Conversation::prepare(Request& request) {
  // Ranges are dropped: many small ones would multiply the body.
  request.ranges.clear();
  after_ = asks_to_close(request) || judge(request) ? After::kClose : After::kContinue;
  reader_.allow(kMaxReviewBytes + kMaxChunkLines);
}

httplib::Server::HandlerResponse Conversation::route(const Request& request, Response& response) {
  response.set_header("Cache-Control", "no-store");
  if (const auto refusal = judge(request)) {
    refuse(response, refusal->status, refusal->message);
    return HandlerResponse::Handled;
  }
  if (request.path == kMutatePath) return HandlerResponse::Unhandled;
  show(request.path, response);
  return HandlerResponse::Handled;
}

void Conversation::show(const std::string& path, Response& response) const {
  if (path == "/healthz") return reply(response, 200, "ok\n", kText);
  if (path == "/readyz") {
    if (desk_.draining) return reply(response, 503, "draining\n", kText);
    return reply(response, 200, "ready\n", kText);
  }
  if (path == "/metrics") {
    return reply(response, 200, desk_.metrics.text(desk_.open, desk_.settings.identity().not_after),
                 "text/plain; version=0.0.4; charset=utf-8");
  }
  reply(response, 404, "no such page: there are /healthz, /readyz and /metrics\n", kText);
}

void Conversation::review(Response& response, const httplib::ContentReader& read) {
  Share share(desk_.held);
  std::string text;
  Refusal refusal{400, "the body ended early or is not framed as its head says"};
  const bool whole = read([&](const char* data, std::size_t size) {
    if (text.size() + size > kMaxReviewBytes)
      refusal = {413, "the review is larger than 7 MiB"};
    else if (!share.take(size))
      refusal = {503, "too many reviews are being read; try again"};
    else {
      text.append(data, size);
      return true;
    }
    return false;
  });
  if (!whole) {
    if (base::steady_now() >= deadline_) refusal = {408, "the review did not arrive in time"};
    return refuse(response, refusal.status, refusal.message);
  }
  std::unique_lock one_at_a_time(desk_.large, std::defer_lock);
  if (text.size() > kLarge) one_at_a_time.lock();
  const auto injection = desk_.settings.injection();
  const base::Instant began = base::steady_now();
  const AdmissionAnswer answer = review_admission(text, *injection);
  desk_.metrics.count(answer.outcome, std::chrono::duration_cast<std::chrono::microseconds>(
                                          base::steady_now() - began));
  reply(response, answer.status, answer.body, kJson);
}

void Conversation::refuse(Response& response, int status, const std::string& message) {
  after_ = After::kClose;
  desk_.metrics.count(AdmissionOutcome::kRefused, std::chrono::microseconds(0));
  reply(response, status, status_body(status, message), kJson);
}

}  // namespace aks::webhook
