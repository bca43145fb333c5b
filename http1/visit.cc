#include "http1/visit.h"

#include <array>
#include <exception>
#include <utility>

#include "http/body.h"
#include "http/date.h"
#include "http/framing.h"
#include "http/parse.h"

namespace http1 {
namespace {

using base::ErrorCode;
using base::Party;

// How long what the client still sends is read and thrown away, since closing a socket with unread
// data resets the connection and may take the answer with it (RFC 9112 §9.6).
constexpr base::Millis kLinger{2000};

// The path of a target in origin-form or absolute-form (RFC 9112 §3.2), without the query.
std::string path_of(std::string_view target) {
  const std::size_t scheme = target.find("://");
  if (scheme != std::string_view::npos && !target.starts_with('/')) {
    const std::size_t slash = target.find('/', scheme + 3);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return std::string(target.substr(0, target.find('?')));
}

base::Failure client_error(ErrorCode code, std::string sentence) {
  return base::fail(code, Party::kClient, std::move(sentence));
}

}  // namespace

Visit::Visit(House& house, std::uint64_t id, const base::IpAddress& party, int fd)
    : house_(house),
      id_(id),
      party_(party),
      socket_(std::make_unique<net::Socket>(house.loop, fd, Party::kClient)),
      answered_(house.loop) {}

Visit::~Visit() {
  task_.cancel();
  let_go();
}

void Visit::start() {
  task_ = run();
  task_.start(
      [](void* self) {
        const Visit& over = *static_cast<Visit*>(self);
        over.house_.on_visit_over(over.id_);
      },
      this);
}

void Visit::take(http::Reply reply) {
  answer_ = std::move(reply);
  answered_.set();
}

void Visit::say_goodbye() {
  if (stream_ != nullptr && state_ == State::kWaiting) stream_->shutdown_write();
}

Guest Visit::guest() const {
  const bool busy = state_ == State::kReading || state_ == State::kAnswering;
  // Whoever sends the first request slowly has no more of a claim than who sends nothing.
  if (state_ == State::kAnswering || (busy && served_ > 0)) return {id_, party_, Stage::kBusy};
  const bool proven = served_ > 0 && state_ != State::kLeaving;
  return {id_, party_, proven ? Stage::kIdle : Stage::kUnproven};
}

net::Patience Visit::patience() const { return {house_.options.request, until_}; }

net::Task<void> Visit::run() {
  auto entering = house_.site.enter(std::move(socket_), house_.loop.now() + house_.options.enter);
  stream_ = co_await entering;
  if (stream_ == nullptr) co_return;
  MessageReader reader(*stream_);
  for (After after = After::kNext; after == After::kNext;) {
    state_ = State::kWaiting;
    auto waiting = reader.wait_for_data({house_.options.idle, base::kNever});
    const base::Result<MessageReader::Arrival> arrival = co_await waiting;
    if (!arrival || *arrival == MessageReader::Arrival::kEnd) {
      stream_->shutdown_write();
      co_return;
    }
    state_ = State::kReading;
    until_ = house_.loop.now() + house_.options.request;
    auto serving = serve(reader);
    after = co_await serving;
    let_go();
    if (after == After::kGone) co_return;
  }
  auto leaving = leave(reader);
  co_await leaving;
}

net::Task<Visit::After> Visit::serve(MessageReader& reader) {
  auto reading = reader.read_head(http::MessageKind::kRequest, house_.options.limits, patience());
  const base::Result<std::string_view> octets = co_await reading;
  if (!octets) {
    auto refusing = refuse(octets.error());
    co_return co_await refusing;
  }
  base::Result<http::RequestHead> head = http::parse_request_head(*octets, house_.options.limits);
  if (!head) {
    auto refusing = refuse(head.error());
    co_return co_await refusing;
  }
  const auto request = std::make_shared<Request>();
  request->head = std::move(*head);
  request->path = path_of(request->head.target);
  std::optional<http::Reply> at_once = house_.site.at_once(*request);
  const base::Result<http::BodyLength> length = http::request_body(request->head);
  if (at_once) {
    // What it would have sent is not read, and must not be taken for its next request.
    const bool bare = length && !http::has_content(*length);
    const http::Persistence persistence =
        bare ? persistence_after(request->head, at_once->status) : http::Persistence::kClose;
    auto replying = reply_with(std::move(*at_once), request->head.method, persistence);
    co_return co_await replying;
  }
  if (!length) {
    auto refusing = refuse(length.error());
    co_return co_await refusing;
  }
  auto filling = read_content(reader, *request, *length);
  const base::Result<void> whole = co_await filling;
  if (!whole) {
    auto refusing = refuse(whole.error());
    co_return co_await refusing;
  }
  auto answering = have_answered(request);
  co_return co_await answering;
}

net::Task<base::Result<void>> Visit::read_content(MessageReader& reader, Request& request,
                                                  http::BodyLength length) {
  const std::string too_large =
      "the content is larger than " + std::to_string(house_.options.max_content) + " octets";
  if (length.kind == http::BodyKind::kLength && length.length > house_.options.max_content) {
    co_return client_error(ErrorCode::kBodyTooLarge, too_large);
  }
  if (request.head.fields.has_token("Expect", "100-continue") && reader.buffered().empty() &&
      http::has_content(length)) {
    auto writing = net::write_all(*stream_, http::continue_reply(), patience());
    const base::Result<void> written = co_await writing;
    if (!written) co_return base::fail(written.error());
  }
  http::BodyDecoder decoder(length, http::MessageKind::kRequest, house_.options.limits);
  while (!decoder.done()) {
    if (reader.buffered().empty()) {
      auto filling = reader.fill(patience());
      const base::Result<std::size_t> got = co_await filling;
      if (!got) co_return base::fail(got.error());
      if (*got == 0) co_return decoder.end();
    }
    const base::Result<http::BodyStep> step = decoder.decode(reader.buffered());
    if (!step) co_return base::fail(step.error());
    if (request.content.size() + step->content.size() > house_.options.max_content) {
      co_return client_error(ErrorCode::kBodyTooLarge, too_large);
    }
    const base::Result<void> held = hold(step->content.size());
    if (!held) co_return base::fail(held.error());
    request.content.append(step->content);
    reader.consume(step->consumed);
  }
  co_return base::Result<void>();
}

net::Task<Visit::After> Visit::have_answered(std::shared_ptr<Request> request) {
  state_ = State::kAnswering;
  answered_.reset();
  const bool heavy = request->content.size() > house_.options.heavy;
  House* const house = &house_;
  house_.hands->give(party_, heavy ? Hands::Weight::kHeavy : Hands::Weight::kLight,
                     [house, id = id_, request] {
                       http::Reply reply;
                       try {
                         reply = house->site.answer(*request);
                       } catch (const std::exception&) {
                         // No memory for an answer. What the exception says is nobody's business.
                         reply = house->site.refuse(500, "the request could not be answered");
                       }
                       house->bring(id, std::move(reply));
                     });
  auto waiting = answered_.wait(until_);
  const net::Wake wake = co_await waiting;
  if (wake == net::Wake::kTimeout) {
    // Its place is given back first: a client that reads slowly must not wait for a late answer.
    const base::Instant grace = house_.loop.now() + base::Millis(100);
    until_ = grace;
    auto replying = reply_with(house_.site.refuse(503, "too much is asked at once; try again"),
                               request->head.method, http::Persistence::kClose);
    co_return co_await replying;
  }
  const http::Persistence persistence = persistence_after(request->head, answer_->status);
  auto replying = reply_with(std::move(*answer_), request->head.method, persistence);
  co_return co_await replying;
}

// After an error nothing that follows is trusted to begin where it seems to.
http::Persistence Visit::persistence_after(const http::RequestHead& head, int status) const {
  const bool kept = house_.options.kept == ServerOptions::Connections::kKept && status < 400 &&
                    house_.life == House::Life::kServing &&
                    http::keeps_alive(head.minor_version, head.fields);
  return kept ? http::Persistence::kKeepAlive : http::Persistence::kClose;
}

net::Task<Visit::After> Visit::reply_with(http::Reply reply, std::string_view method,
                                          http::Persistence persistence) {
  reply.fields.add("Date", http::http_date(base::wall_now()));
  if (method == "HEAD") reply.body.clear();
  const std::string text = http::to_http1(reply, persistence);
  auto writing = net::write_all(*stream_, text, patience());
  const base::Result<void> written = co_await writing;
  if (!written) co_return After::kGone;
  ++served_;
  co_return persistence == http::Persistence::kClose ? After::kLeave : After::kNext;
}

net::Task<Visit::After> Visit::refuse(base::Error error) {
  int status = base::status_of(error.code);
  if (error.code == ErrorCode::kIdleTimeout) {
    status = 408;
    error.detail = "the request did not arrive in time";
    until_ = house_.loop.now() + base::Millis(100);
  }
  if (status == 0) co_return After::kGone;
  auto replying =
      reply_with(house_.site.refuse(status, error.detail), {}, http::Persistence::kClose);
  co_return co_await replying;
}

net::Task<void> Visit::leave(MessageReader& reader) {
  state_ = State::kLeaving;
  stream_->shutdown_write();
  const net::Patience last{kLinger, house_.loop.now() + kLinger};
  for (;;) {
    reader.consume(reader.buffered().size());
    auto filling = reader.fill(last);
    const base::Result<std::size_t> got = co_await filling;
    if (!got || *got == 0) co_return;
  }
}

base::Result<void> Visit::hold(std::size_t octets) {
  if (!house_.held.take(party_, octets)) {
    return base::fail(ErrorCode::kTooManySessions, Party::kProxy,
                      "too much content is being read; try again");
  }
  held_ += octets;
  return {};
}

void Visit::let_go() { house_.held.give(party_, std::exchange(held_, 0)); }

}  // namespace http1
