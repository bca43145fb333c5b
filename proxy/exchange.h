// One request to an origin and its response: head out, body up, interim responses, head back, body
// down. The upload runs beside the download, since an origin may answer before it has read
// everything.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/result.h"
#include "http/body.h"
#include "http/head.h"
#include "http/rewrite.h"
#include "http/target.h"
#include "net/task.h"
#include "proxy/message_reader.h"
#include "proxy/origin_pool.h"
#include "proxy/session.h"

namespace proxy {

class Exchange {
 public:
  struct Request {
    const http::RequestHead& head;
    const http::Target& target;
    http::BodyLength body;
    http::RequestRewrite rewrite;
  };

  // Everything referred to outlives the exchange.
  Exchange(Session& session, const Request& request, std::unique_ptr<OriginConnection> origin);
  ~Exchange();

  // Sends the request and waits for the head of the final response (or of a 101). Interim responses
  // are forwarded on the way. Fails with the origin's or the client's error, whichever came first.
  net::Task<base::Result<http::ResponseHead>> request();

  // Sends the response on. The error says whose fault a broken transfer is; `answered` how far it
  // got.
  net::Task<base::Result<void>> respond(const http::ResponseHead& head);

  // Sends a 101 on, with what the origin already sent behind it; then the sockets are ready for a
  // tunnel, see `take_origin`.
  net::Task<base::Result<void>> switch_protocols(const http::ResponseHead& head);

  // How much of the response the client has.
  enum class Answered : std::uint8_t { kNothing, kPartly, kInFull };
  Answered answered() const { return answered_; }
  // Whether the request's body has been sent on in full.
  bool uploaded() const { return upload_state_ == Upload::kDone; }
  // The response's end was marked by closing, so that cutting it short needs a reset.
  bool framed_by_close() const { return to_client_.kind == http::BodyKind::kUntilClose; }
  // Nothing of a response has arrived: a reused connection was stale.
  bool silent() const { return reader_.received() == 0; }
  // How the client's connection goes on, as the response head said.
  http::Persistence persistence() const { return persistence_; }

  // The connection, when it is fit for another request: both messages complete, nothing left over,
  // and the origin willing. Else nullptr.
  std::unique_ptr<OriginConnection> take_reusable(const http::ResponseHead& head);
  // Both sockets are free for a tunnel afterwards.
  Connection take_origin();

 private:
  // Notices that the client resets the connection while nobody reads from it, so that an origin
  // does not work for a client that is gone. A FIN is no such thing: the client may have said all
  // it has to.
  class ClientWatch final : public net::Waiter {
   public:
    explicit ClientWatch(Exchange& exchange) : exchange_(exchange) {}
    ~ClientWatch() override { end(); }
    void begin();
    void end();
    void on_ready() override;

   private:
    Exchange& exchange_;
    enum class State : std::uint8_t { kOff, kOn } state_ = State::kOff;
  };

  enum class Upload : std::uint8_t { kRunning, kDone, kOriginGone, kClientFailed };

  net::Task<void> upload();
  net::Task<base::Result<std::string_view>> receive_head();
  net::Task<base::Result<void>> forward_interim(const http::ResponseHead& head);
  net::Task<base::Result<void>> stream_body(http::BodyDecoder& decoder, std::string lead);
  net::Task<base::Result<void>> send_to_client(std::string_view lead, std::string_view content,
                                               std::string_view tail);
  void fail_upload(base::Error error);
  base::Error upload_error_or(const base::Error& error) const;
  http::BodyLength framing_for_client(http::BodyLength from_origin) const;
  std::string response_text(const http::ResponseHead& head);

  Session& session_;
  Request request_;
  std::unique_ptr<OriginConnection> origin_;
  MessageReader reader_;
  net::Task<void> upload_;
  Upload upload_state_ = Upload::kRunning;
  base::Instant upload_ended_;
  std::optional<base::Error> upload_error_;
  base::Instant sent_;
  Answered answered_ = Answered::kNothing;
  http::BodyLength from_origin_;
  http::BodyLength to_client_;
  http::Persistence persistence_ = http::Persistence::kClose;
  ClientWatch watch_{*this};
};

}  // namespace proxy
