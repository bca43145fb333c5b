// The client's side of an exchange while the origin answers: its body's way to the origin, as a
// task beside the one that waits for the response, and a watch over it afterwards.
#include <sys/socket.h>

#include <cerrno>

#include "proxy/exchange.h"
#include "proxy/worker.h"

namespace proxy {

using base::ErrorCode;
using base::Party;

// The client broke its message. Ending the origin connection makes the origin see an incomplete
// request and wakes whoever waits for its response.
void Exchange::fail_upload(base::Error error) {
  upload_error_ = std::move(error);
  upload_state_ = Upload::kClientFailed;
  origin_->connection.socket().abort();
}

net::Task<void> Exchange::upload() {
  const config::Config& config = session_.runtime_->config;
  const net::Patience patience = session_.patience(config.timeouts.idle);
  const bool chunked = request_.body.kind == http::BodyKind::kChunked;
  MessageReader& client = *session_.reader_;
  http::BodyDecoder decoder(request_.body, http::MessageKind::kRequest,
                            session_.runtime_->http_limits);
  std::uint64_t content_octets = 0;
  while (!decoder.done()) {
    if (client.buffered().empty()) {
      auto filling = client.fill(patience);
      const base::Result<size_t> got = co_await filling;
      if (!got) {
        base::Error error = got.error();
        if (error.code == ErrorCode::kIdleTimeout) error.code = ErrorCode::kClientTimeout;
        co_return fail_upload(std::move(error));
      }
      if (*got == 0) co_return fail_upload(decoder.end().error());
    }
    const auto step = decoder.decode(client.buffered());
    if (!step) co_return fail_upload(step.error());
    content_octets += step->content.size();
    if (config.limits.body_bytes != 0 && content_octets > config.limits.body_bytes) {
      co_return fail_upload({ErrorCode::kBodyTooLarge, Party::kClient, 0,
                             "the request body is larger than limits.body_bytes"});
    }
    if (!step->content.empty()) {
      const std::string prefix = chunked ? http::chunk_prefix(step->content.size()) : std::string();
      auto writing = net::write_all(origin_->connection.stream(), prefix, step->content,
                                    chunked ? http::kChunkSuffix : std::string_view(), patience);
      const base::Result<void> written = co_await writing;
      if (!written) {
        // The origin may have answered before it stopped reading: that answer is still to be read.
        upload_state_ = Upload::kOriginGone;
        upload_error_ = written.error();
        co_return;
      }
    }
    client.consume(step->consumed);
  }
  if (chunked) {
    auto writing = net::write_all(origin_->connection.stream(), http::kLastChunk, patience);
    const base::Result<void> written = co_await writing;
    if (!written) {
      upload_state_ = Upload::kOriginGone;
      upload_error_ = written.error();
      co_return;
    }
  }
  upload_state_ = Upload::kDone;
  upload_ended_ = session_.now();
  watch_.begin();
}

void Exchange::ClientWatch::begin() {
  state_ = State::kOn;
  exchange_.session_.client_.socket().poll().set_waiter(net::Ready::kRead, this);
}

void Exchange::ClientWatch::end() {
  if (state_ == State::kOff) return;
  state_ = State::kOff;
  exchange_.session_.client_.socket().poll().set_waiter(net::Ready::kRead, nullptr);
}

void Exchange::ClientWatch::on_ready() {
  char octet = 0;
  const int fd = exchange_.session_.client_.socket().fd();
  const bool gone = ::recv(fd, &octet, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno != EAGAIN;
  if (gone) exchange_.fail_upload(net::io_error(exchange_.session_.client_.socket(), errno));
}

}  // namespace proxy
