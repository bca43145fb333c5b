#include "proxy/exchange.h"

#include <chrono>

#include "http/parse.h"
#include "proxy/worker.h"

namespace proxy {

using base::ErrorCode;
using base::Party;

Exchange::Exchange(Session& session, const Request& request,
                   std::unique_ptr<OriginConnection> origin)
    : session_(session),
      request_(request),
      origin_(std::move(origin)),
      reader_(origin_->connection.stream()) {}

// The upload refers to both sides; it ends before they do.
Exchange::~Exchange() { upload_.cancel(); }

base::Error Exchange::upload_error_or(const base::Error& error) const {
  return upload_state_ == Upload::kClientFailed ? *upload_error_ : error;
}

net::Task<base::Result<http::ResponseHead>> Exchange::request() {
  const config::Config& config = session_.runtime_->config;
  const std::string text = http::origin_request(request_.head, request_.target, request_.rewrite);
  auto sending =
      net::write_all(origin_->connection.stream(), text, session_.patience(config.timeouts.idle));
  const base::Result<void> sent = co_await sending;
  if (!sent) co_return base::fail(sent.error());
  sent_ = base::steady_now();
  upload_ended_ = session_.now();
  if (request_.body.kind == http::BodyKind::kNone) {
    upload_state_ = Upload::kDone;
    watch_.begin();
  } else {
    upload_ = upload();
    upload_.start();
  }
  for (std::uint32_t interim = 0; interim <= config.limits.interim_responses; ++interim) {
    auto receiving = receive_head();
    const auto octets = co_await receiving;
    if (!octets) co_return base::fail(upload_error_or(octets.error()));
    auto head = http::parse_response_head(*octets, session_.runtime_->http_limits);
    if (!head) co_return base::fail(head.error());
    if (interim == 0) {
      session_.account_.record.phases.first_byte =
          std::chrono::duration_cast<std::chrono::microseconds>(base::steady_now() - sent_);
    }
    if (head->status >= 200 || head->status == 101) co_return std::move(*head);
    auto forwarding = forward_interim(*head);
    const base::Result<void> forwarded = co_await forwarding;
    if (!forwarded) co_return base::fail(forwarded.error());
  }
  co_return base::fail(ErrorCode::kBadResponse, Party::kOrigin,
                       "the origin sent more interim responses than limits.interim_responses");
}

// The origin has timeouts.response_head from the moment the request is complete; while the client
// is still sending, the upload's own limits hold.
net::Task<base::Result<std::string_view>> Exchange::receive_head() {
  const base::Millis limit = session_.runtime_->config.timeouts.response_head;
  for (;;) {
    const net::Patience patience = session_.patience(limit);
    auto reading = reader_.read_head(http::MessageKind::kResponse, session_.runtime_->http_limits,
                                     {limit, std::min(patience.until, session_.now() + limit)});
    const auto octets = co_await reading;
    if (octets || octets.error().code != ErrorCode::kIdleTimeout) co_return octets;
    const bool late = upload_state_ != Upload::kRunning && session_.now() - upload_ended_ >= limit;
    if (!late && session_.now() < patience.until) continue;
    co_return base::fail(ErrorCode::kOriginTimeout, Party::kOrigin,
                         "the origin did not answer within timeouts.response_head");
  }
}

net::Task<base::Result<void>> Exchange::forward_interim(const http::ResponseHead& head) {
  // HTTP/1.0 has no interim responses (RFC 9110 §15.2).
  if (request_.head.minor_version == 0) co_return base::Result<void>();
  http::ResponseRewrite rewrite;
  rewrite.via = session_.runtime_->config.via;
  rewrite.request_method = request_.head.method;
  const std::string text = http::client_response(head, rewrite);
  auto sending = send_to_client(text, {}, {});
  co_return co_await sending;
}

net::Task<base::Result<void>> Exchange::send_to_client(std::string_view lead,
                                                       std::string_view content,
                                                       std::string_view tail) {
  const net::Patience patience = session_.patience(session_.runtime_->config.timeouts.idle);
  auto writing = net::write_all(session_.client_.stream(), lead, content, tail, patience);
  base::Result<void> written = co_await writing;
  if (written) session_.account_.record.bytes_out += lead.size() + content.size() + tail.size();
  co_return written;
}

http::BodyLength Exchange::framing_for_client(http::BodyLength from_origin) const {
  const bool unknown_length = from_origin.kind == http::BodyKind::kChunked ||
                              from_origin.kind == http::BodyKind::kUntilClose;
  if (!unknown_length) return from_origin;
  return {request_.head.minor_version == 0 ? http::BodyKind::kUntilClose : http::BodyKind::kChunked,
          0};
}

std::string Exchange::response_text(const http::ResponseHead& head) {
  http::ResponseRewrite rewrite;
  rewrite.via = session_.runtime_->config.via;
  rewrite.body = to_client_;
  rewrite.persistence = persistence_;
  rewrite.client_minor_version = request_.head.minor_version;
  rewrite.request_method = request_.head.method;
  rewrite.date = session_.worker_.http_date();
  if (session_.inside_ != nullptr) rewrite.strip = session_.runtime_->config.tls.strip_fields;
  return http::client_response(head, rewrite);
}

net::Task<base::Result<void>> Exchange::respond(const http::ResponseHead& head) {
  const auto length = http::response_body(head, request_.head.method);
  if (!length) co_return base::fail(length.error());
  from_origin_ = *length;
  to_client_ = framing_for_client(*length);
  persistence_ = session_.persistence_for(request_.head);
  // A client that is still sending may have its answer, but then the connection must end: the rest
  // of its body would be read as a request.
  if (!uploaded() || framed_by_close()) persistence_ = http::Persistence::kClose;
  http::BodyDecoder decoder(from_origin_, http::MessageKind::kResponse,
                            session_.runtime_->http_limits);
  session_.account_.record.status = head.status;
  auto streaming = stream_body(decoder, response_text(head));
  const base::Result<void> streamed = co_await streaming;
  if (!streamed) {
    if (answered_ == Answered::kNothing) session_.account_.record.status = 0;
    co_return base::fail(upload_error_or(streamed.error()));
  }
  answered_ = Answered::kInFull;
  co_return base::Result<void>();
}

// `lead` goes out with the first content, or alone when none is there yet.
net::Task<base::Result<void>> Exchange::stream_body(http::BodyDecoder& decoder, std::string lead) {
  const bool chunked = to_client_.kind == http::BodyKind::kChunked;
  const net::Patience patience = session_.patience(session_.runtime_->config.timeouts.idle);
  while (!decoder.done()) {
    std::string_view content;
    size_t consumed = 0;
    if (!reader_.buffered().empty()) {
      const auto step = decoder.decode(reader_.buffered());
      if (!step) co_return base::fail(step.error());
      content = step->content;
      consumed = step->consumed;
    } else if (lead.empty()) {
      auto filling = reader_.fill(patience);
      const base::Result<size_t> got = co_await filling;
      if (!got) co_return base::fail(got.error());
      if (*got > 0) continue;
      // The end may be our own doing (fail_upload): what is marked by closing would look complete.
      if (upload_state_ == Upload::kClientFailed) co_return base::fail(*upload_error_);
      const base::Result<void> ended = decoder.end();
      if (!ended) co_return base::fail(ended.error());
      break;
    }
    if (chunked && !content.empty()) lead += http::chunk_prefix(content.size());
    if (!lead.empty() || !content.empty()) {
      auto sending =
          send_to_client(lead, content, chunked && !content.empty() ? http::kChunkSuffix : "");
      answered_ = Answered::kPartly;
      const base::Result<void> sent = co_await sending;
      if (!sent) co_return base::fail(sent.error());
      lead.clear();
    }
    reader_.consume(consumed);
  }
  if (chunked) lead += http::kLastChunk;
  if (!lead.empty()) {
    answered_ = Answered::kPartly;
    auto sending = send_to_client(lead, {}, {});
    const base::Result<void> sent = co_await sending;
    if (!sent) co_return base::fail(sent.error());
  }
  co_return base::Result<void>();
}

net::Task<base::Result<void>> Exchange::switch_protocols(const http::ResponseHead& head) {
  http::ResponseRewrite rewrite;
  rewrite.via = session_.runtime_->config.via;
  rewrite.upgrade = http::ResponseRewrite::Upgrade::kWebSocket;
  rewrite.request_method = request_.head.method;
  session_.account_.record.status = head.status;
  answered_ = Answered::kPartly;
  const std::string text = http::client_response(head, rewrite);
  auto sending = send_to_client(text, reader_.buffered(), {});
  const base::Result<void> sent = co_await sending;
  if (!sent) co_return base::fail(sent.error());
  const std::string_view early = session_.reader_->buffered();
  if (early.empty()) co_return base::Result<void>();
  const net::Patience patience = session_.patience(session_.runtime_->config.timeouts.idle);
  auto writing = net::write_all(origin_->connection.stream(), early, patience);
  co_return co_await writing;
}

Connection Exchange::take_origin() {
  watch_.end();
  return std::move(origin_->connection);
}

std::unique_ptr<OriginConnection> Exchange::take_reusable(const http::ResponseHead& head) {
  const bool complete = answered_ == Answered::kInFull && uploaded() &&
                        from_origin_.kind != http::BodyKind::kUntilClose &&
                        reader_.buffered().empty();
  if (!complete || !http::keeps_alive(head.minor_version, head.fields)) return nullptr;
  return std::move(origin_);
}

}  // namespace proxy
