// What a small server shows: which requests it takes, and its answers.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/head.h"
#include "http/reply.h"
#include "net/socket.h"
#include "net/task.h"

namespace http1 {

struct Request {
  http::RequestHead head;
  std::string path;     // of the target, without its query
  std::string content;  // whole
};

// A reply with Content-Length and Content-Type in front of other fields.
http::Reply make_reply(int status, std::string body, std::string_view type);

class Site {
 public:
  virtual ~Site() = default;

  // The stream that a connection speaks HTTP/1 on: the socket itself, or TLS over it. Null when
  // nothing comes about by `deadline`. Runs on the server's loop; the site outlives it.
  virtual net::Task<std::unique_ptr<net::Stream>> enter(std::unique_ptr<net::Socket> socket,
                                                        base::Instant deadline);

  // An answer that needs no content and no time: refusals and probes. Called on the server's loop
  // before content is read. nullopt: read the content, then `answer`.
  virtual std::optional<http::Reply> at_once(const Request& request) = 0;

  // On one of several threads.
  virtual http::Reply answer(const Request& request) = 0;

  // How many connections there are now. Called on the server's loop at each change.
  virtual void on_connections(std::size_t /*open*/) {}

  // What is said to a request that can't be read or answered. From any thread.
  virtual http::Reply refuse(int status, std::string_view sentence) = 0;

 protected:
  Site() = default;
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;
};

}  // namespace http1
