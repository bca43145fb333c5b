#include "proxy/h2/stream_carrier.h"

#include <algorithm>
#include <cerrno>

namespace proxy::h2 {

using net::IoResult;
using net::Ready;

StreamCarrier::StreamCarrier(StreamEnd& end, net::Event& gone)
    : end_(&end), gone_(&gone), poll_(end.loop()) {
  end.tell(&poll_);
}

StreamCarrier::~StreamCarrier() {
  disarm();
  if (end_ == nullptr) return;
  end_->tell(nullptr);
  if (close_ == Close::kReset) end_->reset(http::h2::Code::kConnectError);
  gone_->set();
}

void StreamCarrier::detach() {
  disarm();
  if (end_ == nullptr) return;
  end_->tell(nullptr);
  end_ = nullptr;
}

IoResult StreamCarrier::peek() {
  if (end_ == nullptr) return {IoResult::Kind::kError, 0, ECONNRESET};
  if (read_ == Read::kShutDown) return {IoResult::Kind::kEof, 0, 0};
  const http::h2::Stream& stream = end_->stream();
  if (!stream.content().empty()) return {IoResult::Kind::kDone, 1, 0};
  if (stream.peer_ended()) return {IoResult::Kind::kEof, 0, 0};
  if (broken()) return {IoResult::Kind::kError, 0, ECONNRESET};
  return {IoResult::Kind::kWouldBlock, 0, 0};
}

IoResult StreamCarrier::try_peek(std::span<char> into) {
  const IoResult there = peek();
  if (there.kind == IoResult::Kind::kWouldBlock) poll_.exhausted(Ready::kRead);
  if (there.kind != IoResult::Kind::kDone) return there;
  const std::string_view content = end_->stream().content();
  const size_t octets = std::min(content.size(), into.size());
  std::copy_n(content.data(), octets, into.data());
  return {IoResult::Kind::kDone, octets, 0};
}

IoResult StreamCarrier::try_read(std::span<char> into) {
  const IoResult got = try_peek(into);
  if (got.kind == IoResult::Kind::kDone) discard(got.bytes);
  return got;
}

void StreamCarrier::discard(size_t octets) {
  read_at_ = poll_.loop().now();
  end_->consume(octets);
}

IoResult StreamCarrier::try_write(std::span<const std::string_view> pieces) {
  if (broken()) return {IoResult::Kind::kError, 0, ECONNRESET};
  if (write_ == Write::kShutDown) return {IoResult::Kind::kError, 0, EPIPE};
  size_t octets = 0;
  for (const std::string_view piece : pieces) {
    const size_t taken = end_->try_send(piece);
    octets += taken;
    if (taken < piece.size()) break;
  }
  if (octets > 0) return {IoResult::Kind::kDone, octets, 0};
  poll_.exhausted(Ready::kWrite);
  return {IoResult::Kind::kWouldBlock, 0, 0};
}

void StreamCarrier::shutdown_write() {
  if (broken() || write_ == Write::kShutDown) return;
  write_ = Write::kShutDown;
  end_->begin_end();
  if (!end_->stream().peer_ended()) poll_.loop().arm(*this, poll_.loop().now() + kSilence);
}

// The stream takes one of the client's places (RFC 9113 §5.1.2), and a client that follows its
// example (curl) reads until the stream is closed. What was read before goes on to the origin.
void StreamCarrier::on_timer() {
  if (broken() || read_ == Read::kShutDown || end_->stream().peer_ended()) return;
  const base::Instant now = poll_.loop().now();
  const bool waits = end_->stream().waiting() > 0 || !end_->stream().sent_all();
  const base::Instant until = waits ? now + kSilence : read_at_ + kSilence;
  if (now < until) return poll_.loop().arm(*this, until);
  read_ = Read::kShutDown;
  // The waiter may destroy this.
  poll_.signal(Ready::kRead);
}

bool StreamCarrier::is_closing() const {
  return write_ == Write::kShutDown && !broken() && !end_->stream().sent_all();
}

void StreamCarrier::abort() {
  shutdown_write();
  read_ = Read::kShutDown;
  // The waiter may destroy this.
  poll_.signal(Ready::kRead);
}

int StreamCarrier::broken_by() const { return ECONNRESET; }

// Until all is in frames; what the connection below still holds goes out in any case.
size_t StreamCarrier::unsent() const { return broken() ? 0 : end_->stream().pending(); }

}  // namespace proxy::h2
