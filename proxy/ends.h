// The two ends of an exchange, whatever carries them: HTTP/1.1 on a connection, or a stream of
// HTTP/2. What an exchange does between them does not depend on it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "http/fields.h"
#include "http/framing.h"
#include "http/head.h"
#include "http/reply.h"
#include "http/rewrite.h"
#include "http/target.h"
#include "net/io.h"
#include "net/task.h"
#include "proxy/account.h"
#include "proxy/origin_pool.h"

namespace proxy {

// A message's content as it comes in.
class Source {
 public:
  struct Content {
    std::string_view octets;  // empty: nothing is there
    enum class State : std::uint8_t { kMore, kEnded } state = State::kMore;
  };
  // What has arrived, until it is consumed; valid until then. Fails on broken framing, and when the
  // message was cut.
  virtual base::Result<Content> look() = 0;
  // What `look` gave has gone on. A sender that waits for that is told now, not before.
  virtual void consume() = 0;
  // Until `look` may say something else.
  virtual net::Task<base::Result<void>> wait(net::Patience patience) = 0;
  // Complete once the content has ended. Only of HTTP/2: others are dropped (RFC 9110 §6.5.1).
  virtual const http::Fields& trailers() const = 0;

 protected:
  ~Source() = default;
};

// Where a message's content goes, after its head.
class Sink {
 public:
  // A head that is to go out with the first content.
  virtual bool owes_head() const = 0;
  // Sends what is owed and all of `content`, or fails.
  virtual net::Task<base::Result<void>> send(std::string_view content, net::Patience patience) = 0;
  // Marks the end, with `trailers` where they can be sent, and waits until it is on its way. They
  // outlive the task.
  virtual net::Task<base::Result<void>> end(const http::Fields& trailers,
                                            net::Patience patience) = 0;

 protected:
  ~Sink() = default;
};

// What goes to an origin. Everything referred to outlives it.
struct OriginRequest {
  const http::RequestHead& head;
  const http::Target& target;
  http::BodyLength body;
  http::RequestRewrite rewrite;
};

// The client's side of one exchange.
class ClientEnd {
 public:
  virtual ~ClientEnd() = default;

  Account& account() { return account_; }

  // How the request's content is delimited. Fails (client) as http::request_body.
  virtual base::Result<http::BodyLength> body(const http::RequestHead& head) const = 0;
  // The request's content, of that length.
  virtual Source& open_content(const http::BodyLength& body) = 0;

  // Sends an interim response. Head and rewrite outlive the task.
  virtual net::Task<base::Result<void>> inform(const http::ResponseHead& head,
                                               const http::ResponseRewrite& how,
                                               net::Patience patience) = 0;
  // Begins the final response, or a 101; the head goes out with what the sink is given first.
  virtual Sink& respond(const http::ResponseHead& head, const http::ResponseRewrite& how) = 0;
  // Answers a CONNECT with 200; what follows belongs to the tunnel. `via` as config::Config has it.
  virtual net::Task<base::Result<void>> grant_tunnel(const std::string& via,
                                                     net::Patience patience) = 0;
  // Sends a reply of the proxy's own, whole.
  virtual net::Task<base::Result<void>> reply(const http::Reply& reply,
                                              http::Persistence persistence,
                                              net::Patience patience) = 0;

  // Told when the client goes away while nobody reads from it. A client that has only said all it
  // has to is not gone.
  class Gone {
   public:
    virtual void on_client_gone(base::Error error) = 0;

   protected:
    ~Gone() = default;
  };
  virtual void watch(Gone& gone) = 0;
  virtual void unwatch() = 0;

  // Octets behind the request, for the other end of a tunnel.
  virtual std::string_view early() const = 0;
  // Brings the record's octets up to date.
  virtual void count() = 0;
  // Closes the account, with its octets up to date.
  void finish(std::optional<base::Error> error) {
    if (!account_.is_open()) return;
    count();
    account_.close(std::move(error));
  }

 protected:
  explicit ClientEnd(Account& account) : account_(account) {}
  ClientEnd(const ClientEnd&) = delete;
  ClientEnd& operator=(const ClientEnd&) = delete;

 private:
  Account& account_;
};

// The origin's side of one exchange.
class OriginEnd {
 public:
  virtual ~OriginEnd() = default;

  // Sends the head; content goes to the sink.
  virtual net::Task<base::Result<void>> request(const OriginRequest& request,
                                                net::Patience patience) = 0;
  virtual Sink& sink() = 0;

  // The next head, interim or final. May be called again after kIdleTimeout.
  virtual net::Task<base::Result<http::ResponseHead>> read_head(net::Patience patience) = 0;
  // How the content behind a final head is delimited. Fails (origin) as http::response_body.
  virtual base::Result<http::BodyLength> body(const http::ResponseHead& head,
                                              std::string_view request_method) const = 0;
  virtual Source& open_content(const http::BodyLength& body) = 0;

  // The request will not be completed, and its response is not wanted: the origin gets to know, and
  // whoever waits for the origin is woken.
  virtual void abort() = 0;
  // Nothing of a response has arrived.
  virtual bool silent() const = 0;
  // It had served before.
  virtual bool reused() const = 0;

  // Octets behind a 101, and the connection itself.
  virtual std::string_view early() const = 0;
  virtual std::optional<Connection> release() = 0;
  // The connection when nothing more is under way on it; nullptr where others use it as well.
  virtual std::unique_ptr<OriginConnection> take_idle() = 0;

 protected:
  OriginEnd() = default;
  OriginEnd(const OriginEnd&) = delete;
  OriginEnd& operator=(const OriginEnd&) = delete;
};

}  // namespace proxy
