#include "tests/unit/proxy/script/http2_voice.h"

#include <array>

namespace proxy::script {

using http::h2::End;

// A tunnel's octets in a stream.
class StreamWire final : public net::Stream {
 public:
  explicit StreamWire(Http2Voice& voice) : voice_(voice) {}

  net::IoResult try_read(std::span<char> into) override {
    http::h2::Stream& stream = *voice_.current_;
    const std::string_view there = stream.content();
    if (there.empty()) {
      if (stream.peer_ended()) return {net::IoResult::Kind::kEof, 0, 0};
      if (stream.closed() || voice_.ended_) return {net::IoResult::Kind::kError, 0, ECONNRESET};
      return {net::IoResult::Kind::kWouldBlock, 0, 0};
    }
    const size_t size = there.copy(into.data(), into.size());
    voice_.connection_.consume(stream, size);
    return {net::IoResult::Kind::kDone, size, 0};
  }
  net::IoResult try_write(std::span<const std::string_view> pieces) override {
    size_t size = 0;
    for (const std::string_view piece : pieces) {
      const size_t took = voice_.connection_.send_content(*voice_.current_, piece);
      size += took;
      if (took < piece.size()) break;
    }
    if (size == 0) return {net::IoResult::Kind::kWouldBlock, 0, 0};
    return {net::IoResult::Kind::kDone, size, 0};
  }
  void shutdown_write() override { voice_.connection_.end(*voice_.current_); }
  net::Poll& poll() override { std::abort(); }  // nobody waits: scripts look again
  base::Party party() const override { return base::Party::kProxy; }

 private:
  Http2Voice& voice_;
};

Http2Voice::Http2Voice(bool client, std::unique_ptr<net::Stream> wire)
    : client_(client),
      wire_(std::move(wire)),
      connection_(
          client ? http::h2::Connection::Role::kClient : http::h2::Connection::Role::kServer, {}) {}

Http2Voice::~Http2Voice() = default;

void Http2Voice::pump() {
  if (wire_ == nullptr) return;
  std::array<char, 16384> buffer;
  while (!ended_) {
    const net::IoResult got = wire_->try_read(buffer);
    if (got.kind == net::IoResult::Kind::kWouldBlock) break;
    ended_ = got.kind != net::IoResult::Kind::kDone;
    if (!ended_) connection_.receive({buffer.data(), got.bytes}, base::steady_now());
  }
  if (current_ != nullptr && !current_->closed()) {
    out_.erase(0, connection_.send_content(*current_, out_));
    if (out_.empty() && saying_ == Saying::kAll) {
      connection_.end(*current_);
      saying_ = Saying::kEnded;
    }
  }
  for (;;) {
    const std::array piece{connection_.output().substr(0, 16 * 1024)};
    if (piece[0].empty()) break;
    const net::IoResult put = wire_->try_write(piece);
    if (put.kind != net::IoResult::Kind::kDone) break;
    connection_.sent(put.bytes);
  }
  while (http::h2::Stream* stream = connection_.next_touched()) {
    look_at(*stream);
  }
  if (!ended_) return;
  for (Heard& heard : heard_) {
    if (heard.message.state == Message::State::kComing) heard.message.state = Message::State::kCut;
  }
}

void Http2Voice::look_at(http::h2::Stream& stream) {
  while (stream.has_head()) {
    Message message;
    if (client_) {
      const auto head = stream.take_response();
      message.start = head ? std::to_string(head->status) : "refused";
      if (message.start[0] == '1') message.state = Message::State::kWhole;
    } else {
      const auto head = stream.take_request();
      message.start = "refused";
      if (head) {
        // In absolute form: the path is what follows the authority.
        const size_t authority = head->target.find("//") + 2;
        message.start = head->method + " " + head->target.substr(head->target.find('/', authority));
        current_ = &stream;
        saying_ = Saying::kNothing;
      }
    }
    heard_.push_back({std::move(message), stream.id()});
  }
  for (Heard& heard : heard_) {
    Message& message = heard.message;
    if (heard.id != stream.id() || message.state != Message::State::kComing) continue;
    if (tunnel_ && message.start == "200") {
      message.state = Message::State::kWhole;
      opened_ = true;
      return;
    }
    while (!stream.content().empty()) {
      message.body += stream.content();
      connection_.consume(stream, stream.content().size());
    }
    if (stream.peer_ended()) {
      message.state = Message::State::kWhole;
    } else if (stream.closed()) {
      message.state = Message::State::kCut;
    }
  }
  if (!stream.closed() || opened_) return;
  if (client_ && (heard_.empty() || heard_.back().id != stream.id()) && &stream == current_) {
    heard_.push_back({{"nothing", "", Message::State::kCut}, stream.id()});
  }
  drop(stream);
}

void Http2Voice::drop(http::h2::Stream& stream) {
  if (&stream == current_) current_ = nullptr;
  connection_.release(stream);
}

void Http2Voice::send(const Body& body) {
  counted_ = body.length.has_value();
  left_ = body.length.value_or(0);
  saying_ = Saying::kBody;
  say(body.part);
}

void Http2Voice::ask(const Request& request, const Body& body) {
  tunnel_ = request.method == "CONNECT";
  http::Fields fields;
  if (body.length && *body.length > 0) fields.add("content-length", std::to_string(*body.length));
  const bool bodyless = !tunnel_ && body.length == 0U;
  current_ = &connection_.open(
      {request.method, tunnel_ ? "" : request.scheme, request.authority, request.path, fields},
      bodyless ? End::kNow : End::kNotYet);
  saying_ = Saying::kEnded;
  if (!bodyless && !tunnel_) send(body);
}

void Http2Voice::inform(int status) { connection_.inform(*current_, status, {}); }

void Http2Voice::answer(int status, const Body& body) {
  http::Fields fields;
  if (body.length) fields.add("content-length", std::to_string(*body.length));
  const bool bodyless = body.length == 0U;
  connection_.respond(*current_, status, fields, bodyless ? End::kNow : End::kNotYet);
  saying_ = Saying::kEnded;
  if (!bodyless) send(body);
}

void Http2Voice::say(std::string_view octets) {
  out_ += octets;
  if (!counted_) return;
  left_ -= std::min(left_, octets.size());
  if (left_ == 0) saying_ = Saying::kAll;
}

void Http2Voice::finish() { saying_ = Saying::kAll; }

void Http2Voice::reset() {
  if (current_ == nullptr) return;
  out_.clear();
  connection_.reset(*current_, http::h2::Code::kCancel);
}

std::optional<Message> Http2Voice::hear() {
  if (heard_.empty()) return std::nullopt;
  return heard_.front().message;
}

void Http2Voice::next() { heard_.pop_front(); }

std::unique_ptr<net::Stream> Http2Voice::release() { return std::make_unique<StreamWire>(*this); }

}  // namespace proxy::script
