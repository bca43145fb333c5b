// What the peer sends, on its way from nghttp2 to the streams, and what it may cost.
#include <algorithm>
#include <cassert>
#include <utility>

#include "base/escape.h"
#include "http/h2/callbacks.h"
#include "http/h2/connection.h"

namespace http::h2 {
namespace {

// As HeadBuilder counts.
constexpr std::uint64_t kFieldLineBytes = 4;

}  // namespace

void Connection::receive(std::string_view octets, base::Instant now) {
  now_ = now;
  if (memory_ == Memory::kLacking) starve();
  if (failure_) return;
  const auto* data = reinterpret_cast<const std::uint8_t*>(octets.data());
  const ssize_t taken = nghttp2_session_mem_recv(session_.get(), data, octets.size());
  if (fault_) return give_up(*fault_);
  note(taken);
  if (memory_ == Memory::kLacking) return starve();
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

// nghttp2 has refused a frame and resets its stream.
void Connection::frame_refused(StreamId id, std::string_view why) {
  Stream* stream = find(id);
  if (stream != nullptr && !stream->closed_) stream->breach_ = base::printable(why);
}

void Connection::begin_head(StreamId id) {
  head_octets_ = 0;
  Stream* stream = find(id);
  if (stream == nullptr) {
    if (role_ == Role::kClient) return;  // released since
    auto made = std::unique_ptr<Stream>(new Stream(id, settings_.stream_window));
    stream = streams_.emplace(id, std::move(made)).first->second.get();
    // All streams take turns. With RFC 9218's default one of them would have the connection to
    // itself until it ends, and streams of gRPC need not end.
    constexpr nghttp2_extpri kTurns{NGHTTP2_EXTPRI_DEFAULT_URGENCY, 1};
    nghttp2_session_change_extpri_stream_priority(session_.get(), id, &kTurns, 1);
  }
  const bool response = role_ == Role::kClient;
  stream->building_.emplace(response ? MessageKind::kResponse : MessageKind::kRequest,
                            settings_.head);
}

// A few octets can name a large field again and again. What is somewhat over the limit gets an
// answer, which takes unfolding it; far beyond it, unfolding is what the peer is after.
int Connection::add_field(StreamId id, std::string_view name, std::string_view value) {
  head_octets_ += name.size() + value.size() + kFieldLineBytes;
  if (head_octets_ > settings_.head.head_bytes * settings_.unfolded_heads) {
    fault_ = {Code::kEnhanceYourCalm, "a head that unfolds to far more than the limits"};
    return NGHTTP2_ERR_CALLBACK_FAILURE;
  }
  Stream* stream = find(id);
  if (stream != nullptr && stream->building_) stream->building_->add(name, value);
  return 0;
}

// Counts the head that has come as held, until the stream is released.
bool Connection::hold_head(Stream& stream) {
  // One is for its copy on the way to the other end.
  const size_t octets = 2 * std::min<size_t>(head_octets_, settings_.head.head_bytes);
  if (!allowance_->take(octets)) return false;
  stream.head_held_ += octets;
  return true;
}

void Connection::end_head(StreamId id, End end) {
  Stream* stream = find(id);
  if (stream == nullptr || !stream->building_) return;
  if (!hold_head(*stream)) {
    const bool request = role_ == Role::kServer && !stream->final_head_;
    stream->building_.reset();
    // It may be asked again once there is room.
    return reset(*stream, request ? Code::kRefusedStream : Code::kEnhanceYourCalm,
                 Stream::EndedBy::kHoard);
  }
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
    stream.breach_ = "more interim responses came than anyone takes";
    reset(stream, Code::kEnhanceYourCalm, Stream::EndedBy::kBreach);
    return;
  }
  stream.responses_.push_back(stream.building_->response());
  stream.final_head_ = stream.building_->status() >= 200;
}

// The connection's window is given back at once, so that one stream can't use it up for all
// (RFC 9113 §5.2).
void Connection::add_content(StreamId id, std::string_view content) {
  note(nghttp2_session_consume_connection(session_.get(), content.size()));
  Stream* stream = find(id);
  if (stream == nullptr || stream->closed_) return;
  if (!allowance_->take(content.size())) {
    return reset(*stream, Code::kEnhanceYourCalm, Stream::EndedBy::kHoard);
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
  allowance_->give(octets);
  stream.content_at_ += octets;
  if (stream.content_at_ == stream.content_.front().size()) {
    stream.content_.pop_front();
    stream.content_at_ = 0;
  }
  if (memory_ == Memory::kOver) return;
  note(nghttp2_session_consume_stream(session_.get(), stream.id_, octets));
  widen(stream, octets);
}

// Whoever has taken half a window within a second and left nothing may be faster than the window
// lets content come. (It is given back by halves.) One that leaves some would only make us hold
// more of it, and one that takes little needs no more.
void Connection::widen(Stream& stream, size_t octets) {
  if (now_ - stream.counted_from_ > std::chrono::seconds(1)) {
    stream.counted_from_ = now_;
    stream.consumed_ = 0;
  }
  stream.consumed_ += octets;
  if (stream.waiting_ > 0 || stream.consumed_ < stream.window_ / 2) return;
  stream.consumed_ = 0;
  if (stream.peer_ended_ || stream.closed_) return;
  const size_t more =
      std::min<size_t>(stream.window_, settings_.most_stream_window - stream.window_);
  if (more == 0 || !allowance_->widen(more)) return;
  stream.window_ += more;
  note(nghttp2_session_set_local_window_size(session_.get(), NGHTTP2_FLAG_NONE, stream.id_,
                                             static_cast<std::int32_t>(stream.window_)));
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
  // Of a request that was taken back at once the owner need not know; of a malformed one it is
  // told.
  const bool malformed = role_ == Role::kServer && stream->ended_by_ == Stream::EndedBy::kBreach;
  if (!stream->known_ && !malformed) return forget(*stream);
  close(*stream, code);
  touch(*stream);
}

}  // namespace http::h2
