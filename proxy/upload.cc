// The client's side of an exchange while the origin answers: its body's way to the origin, as a
// task beside the one that waits for the response.
#include "proxy/exchange.h"

namespace proxy {

using base::ErrorCode;
using base::Party;

// The client broke its message. Ending the origin's side makes the origin see an incomplete request
// and wakes whoever waits for its response.
void Exchange::fail_upload(base::Error error) {
  upload_error_ = std::move(error);
  upload_state_ = Upload::kClientFailed;
  origin_->abort();
}

// The origin may have answered before it stopped reading: that answer is still to be read.
void Exchange::lose_origin(const base::Error& error) {
  upload_state_ = Upload::kOriginGone;
  upload_error_ = error;
}

net::Task<void> Exchange::upload() {
  const std::uint64_t most = service_.config().limits.body_bytes;
  const net::Patience patience = idle_patience();
  Source& source = client_.open_content(request_.body);
  Sink& sink = origin_->sink();
  std::uint64_t octets = 0;
  base::Instant moved = service_.tools.now();
  Pace pace = required_pace();
  for (;;) {
    const auto content = source.look();
    if (!content) co_return fail_upload(content.error());
    if (content->state == Source::Content::State::kEnded) break;
    if (content->octets.empty()) {
      const base::Instant now = service_.tools.now();
      const auto left = std::chrono::duration_cast<base::Millis>(moved + upload_silence() - now);
      const net::Patience silence = service_.caller.patience(left);
      auto waiting = source.wait(silence);
      const base::Result<void> waited = co_await waiting;
      pace.waited(service_.tools.now() - now);
      if (waited && pace.is_too_slow()) co_return fail_upload(too_slow(Party::kClient));
      if (waited) continue;
      base::Error error = waited.error();
      // The response may have begun meanwhile, and give the client more time.
      const bool early = error.code == ErrorCode::kIdleTimeout &&
                         service_.tools.now() < silence.until &&
                         service_.tools.now() < moved + upload_silence();
      if (early) continue;
      if (error.code == ErrorCode::kIdleTimeout) error.code = ErrorCode::kClientTimeout;
      co_return fail_upload(std::move(error));
    }
    octets += content->octets.size();
    pace.came(content->octets.size());
    if (most != 0 && octets > most) {
      co_return fail_upload({ErrorCode::kBodyTooLarge, Party::kClient, 0,
                             "the request body is larger than limits.body_bytes"});
    }
    auto sending = sink.send(content->octets, patience);
    const base::Result<void> sent = co_await sending;
    if (!sent) co_return lose_origin(sent.error());
    source.consume();
    moved = service_.tools.now();
  }
  auto ending = sink.end(source.trailers(), patience);
  const base::Result<void> ended = co_await ending;
  if (!ended) co_return lose_origin(ended.error());
  upload_state_ = Upload::kDone;
  upload_ended_ = service_.tools.now();
  client_.watch(*this);
}

}  // namespace proxy
