// One connection to the webhook: its requests, one after the other, read and answered by
// cpp-httplib over streams and limits of ours. cpp-httplib's own server waits with select(2), can't
// replace its certificate, and stops for good after an aborted connection.
#pragma once

#include <httplib.h>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>

#include "aks/webhook/metrics.h"
#include "aks/webhook/settings.h"
#include "net/waiting_reader.h"
#include "net/waiting_socket.h"

namespace aks::webhook {

// What all connections share.
struct Desk {
  const LiveSettings& settings;
  Metrics& metrics;
  std::size_t threads = 0;
  std::atomic<std::size_t> open{0};  // connections
  std::atomic<bool> draining{false};
  std::atomic<std::size_t> held{0};  // octets of reviews that are being read or answered
  std::mutex large{};                // held while a large review is answered, one at a time

  bool is_crowded() const { return open * 4 > threads * 3; }
};

class Conversation final : private httplib::Server {
 public:
  // `socket` lies below `stream`; its deadline and stop descriptor are set here.
  Conversation(Desk& desk, net::WaitingStream& stream, net::WaitingSocket& socket);

  // Waits for a request, `idle` at most. False when the connection should end instead: nothing
  // came, the server drains, or there are too many connections.
  bool await_request(int stop_fd, std::chrono::milliseconds idle);
  // Answers it within `limit`. Whether another may follow.
  bool serve(std::chrono::milliseconds limit);

 private:
  class Stream;

  void prepare(httplib::Request& request);
  HandlerResponse route(const httplib::Request& request, httplib::Response& response);
  void show(const std::string& path, httplib::Response& response) const;
  void review(httplib::Response& response, const httplib::ContentReader& read);
  void refuse(httplib::Response& response, int status, const std::string& message);

  Desk& desk_;
  net::WaitingStream& stream_;
  net::WaitingSocket& socket_;
  net::WaitingReader reader_;
  base::Instant deadline_{};
  enum class After : unsigned char { kContinue, kClose } after_ = After::kClose;
};

}  // namespace aks::webhook
