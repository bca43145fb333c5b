// A small HTTP/1.1 server beside the proxy: an event loop on a thread of its own for all
// connections, and a few threads that answer what takes time. It serves everything that is local
// and small: the admin side, the admission webhook and its probes.
//
// No client keeps others out. When there are as many connections as may be, one of the client that
// holds the most makes room (http1/guests.h); content is held within a budget of which no client
// gets more than it leaves to others; and clients take turns in being answered (http1/hands.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/ip.h"
#include "base/result.h"
#include "http/limits.h"
#include "http1/site.h"
#include "net/listener.h"

namespace http1 {

struct ServerOptions {
  base::Endpoint listen;
  std::size_t connections = 1024;           // at once
  std::size_t threads = 2;                  // that answer
  std::chrono::milliseconds enter{5000};    // from accept until the stream is there (TLS)
  std::chrono::milliseconds request{5000};  // from its first octet to the answer's last
  std::chrono::milliseconds idle{100'000};  // between requests, and before the first
  // How long requests that have begun may still take when the server is destroyed.
  std::chrono::milliseconds grace{0};
  enum class Connections : std::uint8_t { kForOneRequest, kKept } kept = Connections::kKept;
  http::Limits limits;
  std::size_t max_content = 0;          // octets of one request; more is 413
  std::size_t held_content = 0;         // of all requests together; more is 503
  std::size_t heavy = std::size_t(-1);  // content of more octets is answered one at a time
};

class SmallServer {
 public:
  // Binds (port 0 picks a free one) and serves until destroyed. `site` outlives it. Fails (proxy)
  // with kIo, naming the endpoint, when it cannot be bound, or without threads or descriptors.
  // `socket`, where there is one, is listened on instead of one that is opened for options.listen.
  static base::Result<std::unique_ptr<SmallServer>> start(
      const ServerOptions& options, Site& site,
      std::optional<net::ListeningSocket> socket = std::nullopt);
  ~SmallServer();
  SmallServer(const SmallServer&) = delete;
  SmallServer& operator=(const SmallServer&) = delete;

  // From now on every connection ends after its request; new ones are served still, since clients
  // learn of the end with a delay. For any thread.
  void drain();
  // Accepts nobody any more, since another process has the socket as well and does; whoever is
  // there is served on. For any thread.
  void retire();
  // Whether, after that, nobody is there any more. For any thread.
  bool has_retired() const;

  const base::Endpoint& endpoint() const;  // with the port actually bound

 private:
  class Impl;
  explicit SmallServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace http1
