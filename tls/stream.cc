#include "tls/stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "tls/error.h"

namespace tls {
namespace {

constexpr size_t kMaxRecord = SSL3_RT_MAX_PLAIN_LENGTH;

// What one record is made of: a prefix of the pieces, of `limit` octets at most. Several small
// pieces are copied together into `scratch`, so that a head and its body don't become two records.
std::string_view gather(std::span<const std::string_view> pieces, size_t limit,
                        std::array<char, kMaxRecord>& scratch) {
  size_t size = 0;
  for (const std::string_view piece : pieces) {
    if (piece.empty()) continue;
    if (size == 0 && piece.size() >= limit) return piece.substr(0, limit);
    const size_t taken = std::min(piece.size(), limit - size);
    std::memcpy(scratch.data() + size, piece.data(), taken);
    size += taken;
    if (size == limit) break;
  }
  return {scratch.data(), size};
}

}  // namespace

TlsStream::TlsStream(SslPtr ssl, std::unique_ptr<net::Stream> below, std::string peer)
    : transport_(std::move(below)), ssl_(std::move(ssl)), peer_(std::move(peer)) {
  // Without one, for lack of memory, the first call that would move octets fails.
  if (BIO* const bio = make_bio(transport_).release()) SSL_set_bio(ssl_.get(), bio, bio);
  count_messages(ssl_.get(), transport_);
  attach(ssl_.get(), check_);
}

TlsStream::~TlsStream() {
  if (output_ == Output::kClosing) poll().set_waiter(net::Ready::kWrite, nullptr);
  // Else OpenSSL takes the missing close_notify for a reason not to resume the session, which was
  // TLS 1.0's rule (RFC 2246 §7.2.1).
  if (state_ == State::kOpen) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN);
}

void TlsStream::keep_sessions(SessionPlace place) {
  assert(state_ == State::kHandshake && "sessions after the handshake");
  if (place.cache == nullptr) return;
  check_.keeper = std::make_unique<SessionKeeper>(std::move(place));
  check_.keeper->offer(ssl_.get());
}

TlsStream::Progress TlsStream::try_handshake() {
  if (state_ == State::kOpen) return Progress::kDone;
  if (state_ == State::kFailed) return Progress::kFailed;
  ERR_clear_error();
  const int returned = SSL_do_handshake(ssl_.get());
  if (returned == 1) {
    state_ = State::kOpen;
    transport_.messages = 0;
    if (check_.keeper) check_.keeper->note_verdict(ssl_.get());
    read_needs_ = transport_.stream->read_needs();
    return Progress::kDone;
  }
  const Step step = step_after(returned);
  if (step == Step::kWantRead || step == Step::kWantWrite) {
    read_needs_ = needs(step);
    return Progress::kWouldBlock;
  }
  if (step == Step::kEnd) fail(SSL_ERROR_ZERO_RETURN);
  return Progress::kFailed;
}

net::IoResult TlsStream::try_read(std::span<char> into) {
  assert(state_ != State::kHandshake && "reading before the handshake");
  if (state_ == State::kFailed) return failed();
  ERR_clear_error();
  size_t got = 0;
  const int returned = SSL_read_ex(ssl_.get(), into.data(), into.size(), &got);
  if (returned == 1) {
    transport_.messages = 0;
    return {net::IoResult::Kind::kDone, got, 0};
  }
  const Step step = step_after(returned);
  switch (step) {
    case Step::kEnd: return {net::IoResult::Kind::kEof, 0, 0};
    case Step::kFailed: return failed();
    case Step::kWantRead:
    case Step::kWantWrite: break;
  }
  read_needs_ = needs(step);
  // SSL_MODE_RELEASE_BUFFERS has let go of the read buffer. A ticket or a key update takes a write
  // buffer of 16 KiB as well, which would stay until the next write. What is pending is not freed.
  SSL_free_buffers(ssl_.get());
  return {net::IoResult::Kind::kWouldBlock, 0, 0};
}

net::IoResult TlsStream::try_write(std::span<const std::string_view> pieces) {
  assert(state_ != State::kHandshake && "writing before the handshake");
  assert(output_ == Output::kWriting && "writing after shutdown_write");
  if (state_ == State::kFailed) return failed();
  std::array<char, kMaxRecord> scratch;
  const std::string_view record =
      gather(pieces, committed_ != 0 ? committed_ : kMaxRecord, scratch);
  assert(!record.empty() && "nothing to write");
  assert(record.size() >= committed_ && "a write that would have blocked was not repeated");
  ERR_clear_error();
  size_t put = 0;
  const int returned = SSL_write_ex(ssl_.get(), record.data(), record.size(), &put);
  if (returned == 1) {
    committed_ = 0;
    return {net::IoResult::Kind::kDone, put, 0};
  }
  const Step step = step_after(returned);
  if (step == Step::kEnd) fail(SSL_ERROR_ZERO_RETURN);
  if (step == Step::kEnd || step == Step::kFailed) return failed();
  committed_ = record.size();
  write_needs_ = needs(step);
  return {net::IoResult::Kind::kWouldBlock, 0, 0};
}

bool TlsStream::has_buffered() const {
  return state_ == State::kOpen &&
         (SSL_has_pending(ssl_.get()) == 1 || transport_.stream->has_buffered());
}

std::string_view TlsStream::failure_words() const {
  if (failure_ == nullptr || failure_->cause != kProtocolError) return {};
  // What broke may have been TLS below this one.
  return failure_->reason.empty() ? transport_.stream->failure_words()
                                  : std::string_view(failure_->reason);
}

void TlsStream::shutdown_write() {
  if (output_ != Output::kWriting) return;
  output_ = Output::kClosing;
  push_close();
}

void TlsStream::push_close() {
  // Readiness that is left has to be used up: only then does an edge come.
  while (close_blocked()) {
    if (poll().ready(net::Ready::kWrite)) continue;
    // A reader must not do this waiting: a peer that reads only once it has written would never
    // give room, and neither would one that closes at the same time.
    poll().set_waiter(net::Ready::kWrite, this);
    return;
  }
  poll().set_waiter(net::Ready::kWrite, nullptr);
  output_ = Output::kClosed;
  transport_.stream->shutdown_write();
}

// Tries to send close_notify. One that cannot be sent at all leaves the truncation for the peer to
// see.
bool TlsStream::close_blocked() {
  if (state_ != State::kOpen) return false;
  ERR_clear_error();
  const int returned = SSL_shutdown(ssl_.get());
  const bool blocked = returned < 0 && SSL_get_error(ssl_.get(), returned) == SSL_ERROR_WANT_WRITE;
  ERR_clear_error();
  return blocked;
}

TlsStream::Step TlsStream::step_after(int returned) {
  const int error = SSL_get_error(ssl_.get(), returned);
  switch (error) {
    case SSL_ERROR_WANT_READ: return Step::kWantRead;
    case SSL_ERROR_WANT_WRITE: return Step::kWantWrite;
    case SSL_ERROR_ZERO_RETURN: return Step::kEnd;
    default: fail(error); return Step::kFailed;
  }
}

void TlsStream::fail(int ssl_error) {
  const LibraryError error = take_library_error();
  failure_ = std::make_unique<Failure>();
  failure_->fault = fault_of(error);
  failure_->alert = received_alert(error);
  failure_->reason = error.text;
  failure_->cause = kProtocolError;
  if (check_.fault != Fault::kNone) {
    failure_->fault = check_.fault;
    failure_->reason = check_.reason;
  } else if (failure_->fault == Fault::kHandshakeEof || ssl_error == SSL_ERROR_ZERO_RETURN) {
    failure_->fault = Fault::kHandshakeEof;
    failure_->cause = kTruncated;
  } else if (ssl_error == SSL_ERROR_SYSCALL) {
    failure_->fault = Fault::kHandshakeEof;
    failure_->cause = transport_.cause != 0 ? transport_.cause : kTruncated;
    if (transport_.messages > Transport::kMaxMessages) {
      failure_->fault = Fault::kOther;
      failure_->reason = "too many handshake messages without data";
    }
  }
  state_ = State::kFailed;
}

net::IoResult TlsStream::failed() const {
  return {net::IoResult::Kind::kError, 0, failure_->cause};
}

net::Ready TlsStream::needs(Step step) const {
  return step == Step::kWantWrite ? transport_.stream->write_needs()
                                  : transport_.stream->read_needs();
}

}  // namespace tls
