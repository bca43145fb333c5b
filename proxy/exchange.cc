#include "proxy/exchange.h"

#include <algorithm>
#include <chrono>

#include "http/authentication.h"

namespace proxy {

using base::ErrorCode;
using base::Party;

namespace {

// What fits into the buffers of a connection whose client reads only once it has sent everything.
constexpr std::uint64_t kShortAnswer = 16 * 1024;

}  // namespace

Exchange::Exchange(const Service& service, const Origins& origins, const Intake& intake,
                   ClientEnd& client, const OriginRequest& request,
                   std::unique_ptr<OriginEnd> origin)
    : service_(service),
      origins_(origins),
      intake_(intake),
      client_(client),
      request_(request),
      origin_(std::move(origin)) {}

// The upload refers to both ends; it is over before they are.
Exchange::~Exchange() {
  upload_.cancel();
  client_.unwatch();
}

net::Patience Exchange::idle_patience() const {
  return service_.caller.patience(service_.config().timeouts.idle);
}

// How long the client may send nothing of its content. A call that streams both ways is silent for
// as long as its response may be, and nothing says how much of it is to come.
base::Millis Exchange::upload_silence() const {
  const config::Timeouts& timeouts = service_.config().timeouts;
  const bool open_ended = request_.body.kind == http::BodyKind::kChunked;
  const bool answering = client_.account().record.status >= 200;
  return open_ended || answering ? timeouts.response_idle : timeouts.idle;
}

Pace Exchange::required_pace() const {
  const config::Config& config = service_.config();
  return {config.limits.minimum_rate, config.timeouts.idle};
}

base::Error Exchange::too_slow(Party party) {
  return {party == Party::kClient ? ErrorCode::kClientTimeout : ErrorCode::kIdleTimeout, party, 0,
          std::string(party == Party::kClient ? "the client" : "the origin") +
              " sends its body more slowly than limits.minimum_rate, over timeouts.idle"};
}

base::Error Exchange::upload_error_or(const base::Error& error) const {
  return upload_state_ == Upload::kClientFailed ? *upload_error_ : error;
}

// What a head says may be the first or the last word of an authentication that holds for the
// connection.
void Exchange::note_authentication(const http::Fields& fields) {
  if (http::may_authenticate_connection(fields)) sharing_ = OriginConnection::Sharing::kOneClient;
}

net::Task<base::Result<http::ResponseHead>> Exchange::request() {
  const config::Config& config = service_.config();
  note_authentication(request_.head.fields);
  auto sending = origin_->request(request_, idle_patience());
  const base::Result<void> sent = co_await sending;
  if (!sent) co_return base::fail(sent.error());
  sent_ = base::steady_now();
  upload_ended_ = service_.tools.now();
  if (request_.body.kind == http::BodyKind::kNone) {
    upload_state_ = Upload::kDone;
    client_.watch(*this);
  } else {
    upload_ = upload();
    upload_.start();
  }
  for (std::uint32_t interim = 0; interim <= config.limits.interim_responses; ++interim) {
    auto receiving = receive_head();
    auto head = co_await receiving;
    if (!head) co_return base::fail(upload_error_or(head.error()));
    note_authentication(head->fields);
    client_.account().record.lints.add(head->lints);
    if (interim == 0) {
      client_.account().record.phases.first_byte =
          std::chrono::duration_cast<std::chrono::microseconds>(base::steady_now() - sent_);
    }
    if (head->status >= 200 || head->status == 101) co_return std::move(*head);
    const http::ResponseRewrite how = rewrite();
    auto forwarding = client_.inform(*head, how, idle_patience());
    const base::Result<void> forwarded = co_await forwarding;
    if (!forwarded) {
      // Part of it may be out: no other response can follow.
      answered_ = Answered::kPartly;
      co_return base::fail(forwarded.error());
    }
  }
  co_return base::fail(ErrorCode::kBadResponse, Party::kOrigin,
                       "the origin sent more interim responses than limits.interim_responses");
}

// The origin has timeouts.response_head from the moment the request is complete; while the client
// is still sending, the upload's own limits hold.
net::Task<base::Result<http::ResponseHead>> Exchange::receive_head() {
  const base::Millis limit = service_.config().timeouts.response_head;
  for (;;) {
    const net::Patience patience = service_.caller.patience(limit);
    auto reading =
        origin_->read_head({limit, std::min(patience.until, service_.tools.now() + limit)});
    auto head = co_await reading;
    if (head || head.error().code != ErrorCode::kIdleTimeout) co_return head;
    const bool late =
        upload_state_ != Upload::kRunning && service_.tools.now() - upload_ended_ >= limit;
    if (!late && service_.tools.now() < patience.until) continue;
    co_return base::fail(ErrorCode::kOriginTimeout, Party::kOrigin,
                         "the origin did not answer within timeouts.response_head");
  }
}

http::BodyLength Exchange::framing_for_client(http::BodyLength from_origin) const {
  const bool unknown_length = from_origin.kind == http::BodyKind::kChunked ||
                              from_origin.kind == http::BodyKind::kUntilClose;
  if (!unknown_length) return from_origin;
  return {request_.head.minor_version == 0 ? http::BodyKind::kUntilClose : http::BodyKind::kChunked,
          0};
}

http::ResponseRewrite Exchange::rewrite() const {
  http::ResponseRewrite how;
  how.via = service_.config().via;
  how.client_minor_version = request_.head.minor_version;
  how.request_method = request_.head.method;
  return how;
}

net::Task<base::Result<void>> Exchange::respond(const http::ResponseHead& head) {
  const auto length = origin_->body(head, request_.head.method);
  if (!length) co_return base::fail(length.error());
  from_origin_ = *length;
  to_client_ = framing_for_client(*length);
  persistence_ = intake_.persistence_for(request_.head);
  if (framed_by_close() || !may_end_after_upload(head)) persistence_ = http::Persistence::kClose;
  http::ResponseRewrite how = rewrite();
  how.body = to_client_;
  how.persistence = persistence_;
  how.date = service_.tools.clock.date();
  how.strip = origins_.stripped();
  AccessRecord& record = client_.account().record;
  record.status = head.status;
  Source& source = origin_->open_content(from_origin_);
  auto streaming = stream(source, client_.respond(head, how));
  const base::Result<void> streamed = co_await streaming;
  client_.count();
  if (!streamed) {
    if (answered_ == Answered::kNothing) record.status = 0;
    co_return base::fail(upload_error_or(streamed.error()));
  }
  answered_ = Answered::kInFull;
  // The rest of the body would be read as a request.
  if (!uploaded()) persistence_ = http::Persistence::kClose;
  co_return base::Result<void>();
}

// Whether the connection may be kept: the request's content has gone on in full, or may well have
// before the response ends, as with an origin that answers while it reads. One that answers in a
// few words and leaves the rest unread is told apart by its short length.
bool Exchange::may_end_after_upload(const http::ResponseHead& head) const {
  if (uploaded()) return true;
  const bool long_or_unknown =
      from_origin_.kind == http::BodyKind::kChunked ||
      (from_origin_.kind == http::BodyKind::kLength && from_origin_.length > kShortAnswer);
  return upload_state_ == Upload::kRunning && long_or_unknown &&
         http::keeps_alive(head.minor_version, head.fields);
}

// The head goes out with the first content, or alone when none is there yet.
net::Task<base::Result<void>> Exchange::stream(Source& source, Sink& sink) {
  const net::Patience patience = idle_patience();
  // Events, calls that stream, watches: silence is no sign that there is nothing more to say.
  const net::Patience silence = service_.caller.patience(service_.config().timeouts.response_idle);
  Pace pace = required_pace();
  for (;;) {
    const auto content = source.look();
    if (!content) co_return base::fail(content.error());
    if (content->state == Source::Content::State::kEnded) break;
    if (content->octets.empty() && !sink.owes_head()) {
      const base::Instant since = service_.tools.now();
      auto waiting = source.wait(silence);
      base::Result<void> waited = co_await waiting;
      if (!waited && waited.error().code == ErrorCode::kIdleTimeout) {
        co_return base::fail(ErrorCode::kIdleTimeout, Party::kOrigin,
                             "the origin sent nothing more of its response for as long as it may "
                             "be silent (timeouts.response_idle)");
      }
      if (!waited) co_return waited;
      pace.waited(service_.tools.now() - since);
      if (pace.is_too_slow()) co_return base::fail(too_slow(Party::kOrigin));
      // The end may be our own doing (fail_upload): what is marked by closing would look complete.
      if (upload_state_ == Upload::kClientFailed) co_return base::fail(*upload_error_);
      continue;
    }
    answered_ = Answered::kPartly;
    auto sending = sink.send(content->octets, patience);
    const base::Result<void> sent = co_await sending;
    if (!sent) co_return sent;
    client_.count();
    pace.came(content->octets.size());
    if (!content->octets.empty()) source.consume();
  }
  answered_ = Answered::kPartly;
  auto ending = sink.end(source.trailers(), patience);
  co_return co_await ending;
}

net::Task<base::Result<void>> Exchange::switch_protocols(const http::ResponseHead& head) {
  http::ResponseRewrite how = rewrite();
  how.upgrade = request_.rewrite.upgrade;
  client_.account().record.status = head.status;
  answered_ = Answered::kPartly;
  Sink& to_client = client_.respond(head, how);
  auto sending = to_client.send(origin_->early(), idle_patience());
  const base::Result<void> sent = co_await sending;
  client_.count();
  if (!sent) co_return sent;
  const std::string_view early = client_.early();
  if (early.empty()) co_return base::Result<void>();
  auto passing = origin_->sink().send(early, idle_patience());
  co_return co_await passing;
}

bool Exchange::stale(const base::Error& error) const {
  return origin_->reused() && origin_->silent() && error.party == Party::kOrigin &&
         error.code != ErrorCode::kOriginTimeout && error.code != ErrorCode::kHttp11Required &&
         error.code != ErrorCode::kBadResponse;
}

Connection Exchange::take_origin() {
  client_.unwatch();
  return *origin_->release();
}

std::unique_ptr<OriginConnection> Exchange::take_reusable(const http::ResponseHead& head) {
  const bool complete = answered_ == Answered::kInFull && uploaded() &&
                        from_origin_.kind != http::BodyKind::kUntilClose &&
                        !head.lints.has(http::Lint::kFramingDropped);
  if (!complete || !http::keeps_alive(head.minor_version, head.fields)) return nullptr;
  auto idle = origin_->take_idle();
  if (idle != nullptr && sharing_ == OriginConnection::Sharing::kOneClient)
    idle->sharing = sharing_;
  return idle;
}

}  // namespace proxy
