// What the owner sends, on its way from the streams to frames.
#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "http/h2/callbacks.h"
#include "http/h2/connection.h"

namespace http::h2 {
namespace {

// What makes nghttp2 reset a stream with that code and say no more.
std::string usual_breach(Code code) {
  switch (code) {
    case Code::kProtocolError:
      return "the content is longer or shorter than content-length says (§8.1.1)";
    case Code::kFlowControlError: return "a window was exceeded, or opened too far (§6.9.1)";
    case Code::kStreamClosed: return "frames came behind the end of the stream (§5.1)";
    case Code::kRefusedStream: return "more streams were opened than are allowed (§5.1.2)";
    default: return "a frame was malformed";
  }
}

}  // namespace

std::string_view Connection::output() {
  if (memory_ == Memory::kLacking) starve();
  if (memory_ == Memory::kOver) return {};
  if (output_at_ == output_.size()) {
    // An idle connection holds no buffer.
    output_ = std::string();
    output_at_ = 0;
  }
  while (output_.size() - output_at_ < settings_.output_bytes) {
    const std::uint8_t* frames = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_.get(), &frames);
    if (fault_ && !failure_) give_up(*fault_);
    note(size);
    if (memory_ == Memory::kLacking) {
      starve();
      return {};
    }
    if (size <= 0) break;
    output_.append(reinterpret_cast<const char*>(frames), static_cast<size_t>(size));
  }
  return std::string_view(output_).substr(output_at_);
}

void Connection::sent(size_t octets) {
  assert(octets <= output_.size() - output_at_ && "more was sent than there was");
  output_at_ += octets;
}

bool Connection::can_open() const {
  if (role_ != Role::kClient || failure_ || peer_leaves_) return false;
  if (nghttp2_session_check_request_allowed(session_.get()) == 0) return false;
  const auto open = std::count_if(streams_.begin(), streams_.end(),
                                  [](const auto& entry) { return !entry.second->closed_; });
  const std::uint32_t allowed =
      nghttp2_session_get_remote_settings(session_.get(), NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
  return static_cast<std::uint64_t>(open) < std::min(allowed, settings_.max_streams);
}

Stream& Connection::open(const RequestSection& request, End end) {
  assert(can_open() && "the peer allows no further stream");
  Section section(request.fields.size());
  section.add(":method", request.method);
  if (!request.scheme.empty()) section.add(":scheme", request.scheme);
  section.add(":authority", request.authority);
  if (!request.path.empty()) section.add(":path", request.path);
  section.add(request.fields);
  const nghttp2_data_provider provider = pull_provider();
  StreamId id = nghttp2_submit_request(session_.get(), nullptr, section.data(), section.size(),
                                       end == End::kNow ? nullptr : &provider, nullptr);
  note(id);
  // A stream all the same, which its owner finds closed.
  if (id < 0) id = unsaid_--;
  auto stream = std::unique_ptr<Stream>(new Stream(id, settings_.stream_window));
  stream->known_ = true;
  stream->sending_ = end == End::kNow ? Stream::Sending::kEnding : Stream::Sending::kOpen;
  Stream& opened = *streams_.emplace(id, std::move(stream)).first->second;
  if (id < 0) {
    close(opened, Code::kInternalError);
    touch(opened);
  }
  return opened;
}

void Connection::inform(Stream& stream, int status, const Fields& fields) {
  if (stream.closed_ || stream.sending_ != Stream::Sending::kNotBegun) return;
  const std::string code = std::to_string(status);
  Section section(fields.size());
  section.add(":status", code);
  section.add(fields);
  note(nghttp2_submit_headers(session_.get(), NGHTTP2_FLAG_NONE, stream.id_, nullptr,
                              section.data(), section.size(), nullptr));
}

void Connection::respond(Stream& stream, int status, const Fields& fields, End end) {
  if (stream.closed_ || stream.sending_ != Stream::Sending::kNotBegun) return;
  const std::string code = std::to_string(status);
  Section section(fields.size());
  section.add(":status", code);
  section.add(fields);
  const nghttp2_data_provider provider = pull_provider();
  note(nghttp2_submit_response(session_.get(), stream.id_, section.data(), section.size(),
                               end == End::kNow ? nullptr : &provider));
  stream.sending_ = end == End::kNow ? Stream::Sending::kEnding : Stream::Sending::kOpen;
}

size_t Connection::room(const Stream& stream) const {
  if (stream.closed_ || stream.sending_ != Stream::Sending::kOpen) return 0;
  return settings_.pending_bytes - std::min(settings_.pending_bytes, stream.pending());
}

size_t Connection::send_content(Stream& stream, std::string_view content) {
  const size_t size = std::min(content.size(), room(stream));
  if (size == 0) return 0;
  if (stream.pending_at_ > 0) {
    stream.pending_.erase(0, stream.pending_at_);
    stream.pending_at_ = 0;
  }
  stream.pending_ += content.substr(0, size);
  allowance_->hold(size);
  resume(stream);
  return size;
}

void Connection::end(Stream& stream, const Fields& trailers) {
  if (stream.closed_ || stream.sending_ != Stream::Sending::kOpen) return;
  stream.sending_ = Stream::Sending::kEnding;
  stream.pending_trailers_ = trailers;
  resume(stream);
}

void Connection::resume(Stream& stream) {
  if (!stream.deferred_) return;
  stream.deferred_ = false;
  note(nghttp2_session_resume_data(session_.get(), stream.id_));
}

bool Connection::held_by_peer(const Stream& stream) const {
  if (stream.closed_ || stream.pending() == 0) return false;
  return nghttp2_session_get_stream_remote_window_size(session_.get(), stream.id_) <= 0 ||
         nghttp2_session_get_remote_window_size(session_.get()) <= 0;
}

Connection::Pulled Connection::pull(StreamId id, std::uint8_t* into, size_t room) {
  Stream* stream = find(id);
  if (stream == nullptr || stream->closed_) return {0, Pulled::More::kLater};
  const size_t size = std::min(room, stream->pending_.size() - stream->pending_at_);
  if (size > 0) {
    stream->pending_.copy(reinterpret_cast<char*>(into), size, stream->pending_at_);
    stream->pending_at_ += size;
    allowance_->give(size);
    if (stream->pending() == 0) {
      // A stream that is silent for long holds no buffer.
      stream->pending_ = std::string();
      stream->pending_at_ = 0;
    }
    if (stream->sending_ == Stream::Sending::kOpen) touch(*stream);
  }
  const bool all = stream->pending_at_ == stream->pending_.size();
  if (all && stream->sending_ == Stream::Sending::kEnding) {
    if (stream->pending_trailers_.empty()) return {size, Pulled::More::kNo};
    return {size, Pulled::More::kTrailers, &stream->pending_trailers_};
  }
  if (size > 0) return {size, Pulled::More::kYes};
  stream->deferred_ = true;
  return {0, Pulled::More::kLater};
}

// `length` is that of its content.
void Connection::frame_sent(StreamId id, size_t length, End end) {
  idle_frames_.earn(settings_.idle_frames_per_frame + length / settings_.octets_per_idle_frame);
  Stream* stream = find(id);
  if (stream == nullptr || end == End::kNotYet) return;
  stream->sending_ = Stream::Sending::kEnded;
  stream->sent_all_ = true;
  touch(*stream);
}

// A request that came too late for the peer's GOAWAY, or a head that nghttp2 can't send.
void Connection::head_not_sent(StreamId id) {
  Stream* stream = find(id);
  if (stream == nullptr || stream->closed_) return;
  if (role_ == Role::kServer) {
    reset(*stream, Code::kInternalError);
  } else {
    close(*stream, Code::kRefusedStream);
  }
  touch(*stream);
}

// A peer that makes us reset streams costs as much as one that resets them. What nghttp2 resets by
// itself is not closed yet: the peer broke something.
void Connection::reset_sent(StreamId id, Code code) {
  if (Stream* stream = find(id); stream != nullptr && !stream->closed_) {
    stream->ended_by_ = Stream::EndedBy::kBreach;
    if (stream->breach_.empty()) stream->breach_ = usual_breach(code);
  }
  switch (code) {
    case Code::kNoError:
    case Code::kCancel:
    case Code::kInternalError:
    case Code::kConnectError:
    case Code::kHttp11Required: return;
    default: break;
  }
  if (role_ == Role::kServer && !resets_.spend(now_)) {
    fault_ = {Code::kEnhanceYourCalm, "it makes us reset more streams than anyone needs to"};
  }
}

void Connection::goaway_sent(Code code) {
  if (code != Code::kNoError) fail(code, words_);
}

}  // namespace http::h2
