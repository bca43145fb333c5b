// What the peer sends, on its way from nghttp2 to the streams, and what it may cost.
#include <cassert>
#include <utility>

#include "http/h2/callbacks.h"
#include "http/h2/connection.h"

namespace http::h2 {

void Connection::receive(std::string_view octets, base::Instant now) {
  now_ = now;
  if (failure_) return;
  const auto* data = reinterpret_cast<const std::uint8_t*>(octets.data());
  const ssize_t taken = nghttp2_session_mem_recv(session_.get(), data, octets.size());
  if (fault_) return give_up(*fault_);
  if (taken == NGHTTP2_ERR_FLOODED || taken == NGHTTP2_ERR_TOO_MANY_CONTINUATIONS ||
      taken == NGHTTP2_ERR_TOO_MANY_SETTINGS) {
    return give_up({Code::kEnhanceYourCalm, nghttp2_strerror(static_cast<int>(taken))});
  }
  if (taken < 0) {
    return give_up({Code::kProtocolError, nghttp2_strerror(static_cast<int>(taken))});
  }
  if (nghttp2_session_get_outbound_queue_size(session_.get()) > settings_.waiting_frames) {
    give_up({Code::kEnhanceYourCalm, "it makes us answer and doesn't read the answers"});
  }
}

void Connection::give_up(const Fault& fault) {
  terminate(fault.code);
  fail(fault.code, fault.what);
}

// Frames that carry nothing are paid for, whatever they are.
int Connection::begin_frame(std::uint8_t type, std::uint8_t flags, StreamId id, size_t length) {
  switch (type) {
    case NGHTTP2_HEADERS:
    case NGHTTP2_RST_STREAM:  // peer_reset counts those
    case NGHTTP2_GOAWAY: return 0;
    case NGHTTP2_DATA:
      return length == 0 && (flags & NGHTTP2_FLAG_END_STREAM) == 0 ? count_idle_frame() : 0;
    case NGHTTP2_PRIORITY:
      // nghttp2 doesn't look at what it won't use.
      if (id != 0) return count_idle_frame();
      fault_ = {Code::kProtocolError, "PRIORITY on stream 0 (RFC 9113 §6.3)"};
      return NGHTTP2_ERR_CALLBACK_FAILURE;
    default: return count_idle_frame();
  }
}

int Connection::count_idle_frame() {
  if (idle_frames_.spend(now_)) return 0;
  fault_ = {Code::kEnhanceYourCalm, "too many frames that carry nothing"};
  return NGHTTP2_ERR_CALLBACK_FAILURE;
}

// A client that takes a request back has made work for nothing. One whose request was answered, or
// whose tunnel is granted, only says that it wants no more of it: that ends a tunnel, and curl ends
// transfers so. Of what we know no more, what it cost was counted, if it cost anything.
int Connection::peer_reset(StreamId id) {
  const Stream* stream = find(id);
  const bool served = stream == nullptr || stream->sent_all_ ||
                      (stream->tunnel_ && stream->sending_ != Stream::Sending::kNotBegun);
  if (served) return count_idle_frame();
  if (role_ == Role::kClient || resets_.spend(now_)) return 0;
  fault_ = {Code::kEnhanceYourCalm, "it resets more streams than anyone needs to"};
  return NGHTTP2_ERR_CALLBACK_FAILURE;
}

void Connection::begin_head(StreamId id) {
  Stream* stream = find(id);
  if (stream == nullptr) {
    if (role_ == Role::kClient) return;  // released since
    stream = streams_.emplace(id, std::unique_ptr<Stream>(new Stream(id))).first->second.get();
    // All streams take turns. With RFC 9218's default one of them would have the connection to
    // itself until it ends, and streams of gRPC need not end.
    constexpr nghttp2_extpri kTurns{NGHTTP2_EXTPRI_DEFAULT_URGENCY, 1};
    nghttp2_session_change_extpri_stream_priority(session_.get(), id, &kTurns, 1);
  }
  const bool response = role_ == Role::kClient;
  stream->building_.emplace(response ? MessageKind::kResponse : MessageKind::kRequest,
                            settings_.head);
}

void Connection::add_field(StreamId id, std::string_view name, std::string_view value) {
  Stream* stream = find(id);
  if (stream != nullptr && stream->building_) stream->building_->add(name, value);
}

void Connection::end_head(StreamId id, End end) {
  Stream* stream = find(id);
  if (stream == nullptr || !stream->building_) return;
  if (stream->final_head_) {
    stream->trailers_ = stream->building_->trailers();
  } else if (role_ == Role::kServer) {
    stream->final_head_ = true;
    stream->request_ = stream->building_->request();
    stream->tunnel_ = *stream->request_ && (*stream->request_)->method == "CONNECT";
  } else {
    end_response(*stream);
  }
  stream->building_.reset();
  if (end == End::kNow) stream->peer_ended_ = true;
  touch(*stream);
}

void Connection::end_response(Stream& stream) {
  if (stream.responses_.size() >= settings_.waiting_heads) {
    reset(stream, Code::kEnhanceYourCalm);
    return;
  }
  stream.responses_.push_back(stream.building_->response());
  stream.final_head_ = stream.building_->status() >= 200;
}

void Connection::add_content(StreamId id, std::string_view content) {
  Stream* stream = find(id);
  if (stream == nullptr || stream->closed_) {
    nghttp2_session_consume(session_.get(), id, content.size());
    return;
  }
  // Small pieces share memory, but the first one may be looked at, and stays as it is.
  constexpr size_t kPiece = 16 * 1024;
  std::list<std::string>& pieces = stream->content_;
  if (pieces.size() > 1 && pieces.back().size() + content.size() <= kPiece) {
    pieces.back() += content;
  } else {
    pieces.emplace_back(content);
  }
  stream->waiting_ += content.size();
  touch(*stream);
}

void Connection::consume(Stream& stream, size_t octets) {
  assert(octets <= stream.content().size() && "more was consumed than was looked at");
  if (octets == 0) return;
  stream.waiting_ -= octets;
  stream.content_at_ += octets;
  if (stream.content_at_ == stream.content_.front().size()) {
    stream.content_.pop_front();
    stream.content_at_ = 0;
  }
  nghttp2_session_consume(session_.get(), stream.id_, octets);
}

int Connection::data_ended(StreamId id, size_t length, size_t padding, End end) {
  if (end == End::kNow) {
    if (Stream* stream = find(id); stream != nullptr) {
      stream->peer_ended_ = true;
      touch(*stream);
    }
    return 0;
  }
  // Frames of no length were counted when they began; these are all padding.
  return padding > 0 && padding == length ? count_idle_frame() : 0;
}

void Connection::stream_closed(StreamId id, Code code) {
  Stream* stream = find(id);
  if (stream == nullptr) return;
  // The owner doesn't know of it: a request that was malformed, or taken back at once.
  if (!stream->known_) {
    streams_.erase(id);
    return;
  }
  close(*stream, code);
  touch(*stream);
}

}  // namespace http::h2
