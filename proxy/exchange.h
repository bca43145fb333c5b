// One request to an origin and its response: head out, body up, interim responses, head back, body
// down. The upload runs beside the download, since an origin may answer before it has read
// everything. Which version of HTTP either end speaks is the ends' business.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/result.h"
#include "http/head.h"
#include "http/rewrite.h"
#include "net/task.h"
#include "proxy/ends.h"
#include "proxy/intake.h"
#include "proxy/origins.h"
#include "proxy/pace.h"
#include "proxy/service.h"

namespace proxy {

class Exchange final : private ClientEnd::Gone {
 public:
  // Everything referred to outlives the exchange.
  Exchange(const Service& service, const Origins& origins, const Intake& intake, ClientEnd& client,
           const OriginRequest& request, std::unique_ptr<OriginEnd> origin);
  ~Exchange();

  // Sends the request and waits for the head of the final response (or of a 101). Interim responses
  // are forwarded on the way. Fails with the origin's or the client's error, whichever came first.
  net::Task<base::Result<http::ResponseHead>> request();

  // Sends the response on. The error says whose fault a broken transfer is; `answered` how far it
  // got.
  net::Task<base::Result<void>> respond(const http::ResponseHead& head);

  // Sends a 101 on, with what the origin already sent behind it; then both ends are ready for a
  // tunnel, see `take_origin`.
  net::Task<base::Result<void>> switch_protocols(const http::ResponseHead& head);

  // How much of the response the client has.
  enum class Answered : std::uint8_t { kNothing, kPartly, kInFull };
  Answered answered() const { return answered_; }
  // Whether the request's body has been sent on in full.
  bool uploaded() const { return upload_state_ == Upload::kDone; }
  // The response's end was marked by closing, so that cutting it short needs a reset.
  bool framed_by_close() const { return to_client_.kind == http::BodyKind::kUntilClose; }
  // A reused connection was stale: the origin gave it, or the stream on it, up without a word.
  bool stale(const base::Error& error) const;
  // How the client's connection goes on, as the response head said.
  http::Persistence persistence() const { return persistence_; }

  // The connection, when it is fit for another request: both messages complete, nothing left over,
  // and the origin willing. Else nullptr.
  std::unique_ptr<OriginConnection> take_reusable(const http::ResponseHead& head);
  // Both ends are free for a tunnel afterwards.
  Connection take_origin();

 private:
  enum class Upload : std::uint8_t { kRunning, kDone, kOriginGone, kClientFailed };

  // upload.cc
  net::Task<void> upload();
  void fail_upload(base::Error error);
  void lose_origin(const base::Error& error);
  void on_client_gone(base::Error error) override { fail_upload(std::move(error)); }

  void note_authentication(const http::Fields& fields);
  net::Task<base::Result<http::ResponseHead>> receive_head();
  net::Task<base::Result<void>> stream(Source& source, Sink& sink);
  net::Patience idle_patience() const;
  base::Millis upload_silence() const;
  Pace required_pace() const;
  static base::Error too_slow(base::Party party);
  base::Error upload_error_or(const base::Error& error) const;
  bool may_end_after_upload(const http::ResponseHead& head) const;
  http::BodyLength framing_for_client(http::BodyLength from_origin) const;
  http::ResponseRewrite rewrite() const;

  Service service_;
  const Origins& origins_;
  const Intake& intake_;
  ClientEnd& client_;
  OriginRequest request_;
  std::unique_ptr<OriginEnd> origin_;
  net::Task<void> upload_;
  Upload upload_state_ = Upload::kRunning;
  base::Instant upload_ended_;
  std::optional<base::Error> upload_error_;
  OriginConnection::Sharing sharing_ = OriginConnection::Sharing::kAnyClient;
  base::Instant sent_;
  Answered answered_ = Answered::kNothing;
  http::BodyLength from_origin_;
  http::BodyLength to_client_;
  http::Persistence persistence_ = http::Persistence::kClose;
};

}  // namespace proxy
