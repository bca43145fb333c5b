#include "http/h2/connection.h"

#include <array>
#include <cassert>
#include <cerrno>
#include <utility>

#include "base/escape.h"
#include "http/h2/callbacks.h"

namespace http::h2 {

void Connection::Deleter::operator()(nghttp2_session* session) const {
  nghttp2_session_del(session);
}

Connection::Connection(Role role, const Settings& settings, std::shared_ptr<Allowance> allowance)
    : role_(role),
      settings_(settings),
      allowance_(allowance != nullptr ? std::move(allowance)
                                      : std::make_shared<Allowance>(settings.held_bytes)),
      session_(make_session(*this, role, settings)),
      resets_(settings.resets),
      idle_frames_(settings.idle_frames) {
  if (session_ != nullptr) {
    submit_settings();
  } else {
    starve();
  }
}

Connection::~Connection() {
  while (!streams_.empty()) forget(*streams_.begin()->second);
}

void Connection::submit_settings() {
  const auto head_bytes = static_cast<std::uint32_t>(settings_.head.head_bytes);
  std::array<nghttp2_settings_entry, 4> entries{{
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, settings_.stream_window},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, head_bytes},
      {},
      {},
  }};
  if (role_ == Role::kServer) {
    entries[2] = {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, settings_.max_streams};
    // Nothing is kept for the dependency tree of RFC 7540; begin_head says how streams share.
    entries[3] = {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1};
  } else {
    entries[2] = {NGHTTP2_SETTINGS_ENABLE_PUSH, 0};
    entries[3] = {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 0};
  }
  note(nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, entries.data(), entries.size()));
  note(nghttp2_session_set_local_window_size(
      session_.get(), NGHTTP2_FLAG_NONE, 0,
      static_cast<std::int32_t>(settings_.connection_window)));
}

base::Party Connection::peer() const {
  return role_ == Role::kServer ? base::Party::kClient : base::Party::kOrigin;
}

Stream* Connection::find(StreamId id) {
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : found->second.get();
}

void Connection::touch(Stream& stream) {
  if (stream.touched_) return;
  stream.touched_ = true;
  touched_.push_back(stream.id_);
}

Stream* Connection::next_touched() {
  while (!touched_.empty()) {
    Stream* stream = find(touched_.front());
    touched_.pop_front();
    if (stream == nullptr) continue;  // released since
    stream->touched_ = false;
    stream->known_ = true;
    return stream;
  }
  return nullptr;
}

void Connection::close(Stream& stream, Code code) {
  if (stream.closed_) return;
  stream.closed_ = code;
  drop_pending(stream);
}

void Connection::drop_pending(Stream& stream) {
  allowance_->give(stream.pending());
  stream.pending_.clear();
  stream.pending_at_ = 0;
}

void Connection::forget(Stream& stream) {
  drop_pending(stream);
  allowance_->give(stream.waiting_ + stream.head_held_);
  allowance_->narrow(stream.window_ - settings_.stream_window);
  streams_.erase(stream.id_);
}

void Connection::reset(Stream& stream, Code code, Stream::EndedBy by) {
  if (stream.closed_) return;
  note(nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream.id_,
                                 static_cast<std::uint32_t>(code)));
  stream.ended_by_ = by;
  close(stream, code);
  touch(stream);  // whoever waits for it need not have done this
}

void Connection::release(Stream& stream) {
  reset(stream, stream.sent_all_ ? Code::kNoError : Code::kCancel);
  forget(stream);
}

base::Error Connection::ending(const Stream& stream) const {
  const Code code = *stream.closed_;
  const bool client = peer() == base::Party::kClient;
  switch (stream.ended_by_) {
    case Stream::EndedBy::kPeer: return reset_error(code, peer());
    case Stream::EndedBy::kOwner:
      return {base::ErrorCode::kCancelled, base::Party::kProxy, 0,
              "the proxy has given the stream up (" + name_of(code) + ")"};
    case Stream::EndedBy::kHoard:
      return {base::ErrorCode::kTooManyPerClient, base::Party::kClient, 0,
              "the client's HTTP/2 streams hold more content and heads than one client may "
              "(limits.stream_bytes_per_client); read responses, or raise it"};
    case Stream::EndedBy::kBreach: break;
  }
  if (failure_) return *failure_;
  return {client ? base::ErrorCode::kBadRequest : base::ErrorCode::kBadResponse, peer(), 0,
          std::string(client ? "the client" : "the origin") +
              " broke HTTP/2 on the stream, so that it was reset with " + name_of(code) +
              " (RFC 9113 §5.4.2): " + stream.breach_};
}

void Connection::drain() {
  if (drain_ != Drain::kNo || memory_ == Memory::kOver) return;
  if (role_ == Role::kClient) {
    note(nghttp2_submit_goaway(session_.get(), NGHTTP2_FLAG_NONE, 0, NGHTTP2_NO_ERROR, nullptr, 0));
    drain_ = Drain::kDone;
    return;
  }
  // Requests that are on their way are served: the last stream's id follows when the answer to the
  // PING shows that the client has seen the notice.
  note(nghttp2_submit_shutdown_notice(session_.get()));
  note(nghttp2_submit_ping(session_.get(), NGHTTP2_FLAG_NONE, nullptr));
  drain_ = Drain::kNoticed;
}

void Connection::ping_answered() {
  if (drain_ != Drain::kNoticed) return;
  drain_ = Drain::kDone;
  note(nghttp2_submit_goaway(session_.get(), NGHTTP2_FLAG_NONE,
                             nghttp2_session_get_last_proc_stream_id(session_.get()),
                             NGHTTP2_NO_ERROR, nullptr, 0));
}

void Connection::terminate(Code code) {
  if (memory_ == Memory::kOver) return;
  note(nghttp2_session_terminate_session(session_.get(), static_cast<std::uint32_t>(code)));
}

void Connection::fail(Code code, std::string_view what) {
  const bool client = peer() == base::Party::kClient;
  end_with(
      base::Error{client ? base::ErrorCode::kBadRequest : base::ErrorCode::kBadResponse, peer(), 0,
                  std::string(client ? "the client" : "the origin") +
                      " broke HTTP/2, so that the connection ends with " + name_of(code) +
                      " (RFC 9113 §5.4.1): " + base::printable(what)},
      code);
}

void Connection::note(long returned) {
  if (returned == NGHTTP2_ERR_NOMEM && memory_ == Memory::kEnough) memory_ = Memory::kLacking;
}

// nghttp2 1.52 frees some of what it could not submit again when its session is deleted: after a
// failure the session is left as it is, and its memory is lost.
void Connection::starve() {
  memory_ = Memory::kOver;
  (void)session_.release();
  output_ = std::string();
  output_at_ = 0;
  end_with({base::ErrorCode::kInternal, base::Party::kProxy, ENOMEM,
            "memory ran out for an HTTP/2 connection, which ends; give the proxy more"},
           Code::kInternalError);
}

void Connection::end_with(const base::Error& error, Code code) {
  if (failure_) return;
  failure_ = error;
  for (auto next = streams_.begin(); next != streams_.end();) {
    Stream& stream = *(next++)->second;
    if (!stream.known_) {
      forget(stream);
      continue;
    }
    if (!stream.closed_) stream.ended_by_ = Stream::EndedBy::kBreach;
    close(stream, code);
    touch(stream);
  }
}

bool Connection::over() const {
  if (memory_ == Memory::kOver) return true;
  return output_.size() == output_at_ && nghttp2_session_want_read(session_.get()) == 0 &&
         nghttp2_session_want_write(session_.get()) == 0;
}

}  // namespace http::h2
