// TLS over any stream, as a stream.
//
//   kHandshake ──try_handshake says kDone──> kOpen ──fatal error──> kFailed
//        └──────────fatal error───────────────────────────────────────^
//
// Our side of the conversation ends on its own: kWriting ──shutdown_write──> kClosing (close_notify
// is on its way) ──> kClosed.
#pragma once

#include <cerrno>
#include <memory>
#include <string>

#include "net/stream.h"
#include "tls/fault.h"
#include "tls/handles.h"
#include "tls/transport.h"
#include "tls/verify.h"

namespace tls {

// The cause of an IoResult when the peer's stream ended without close_notify: what was read may be
// cut short (RFC 8446 §6.1). net::io_error calls it a reset, which is what it amounts to.
inline constexpr int kTruncated = ECONNABORTED;
// The cause when the peer broke the protocol or sent a fatal alert; `failure` has the words.
inline constexpr int kProtocolError = EPROTO;

class TlsStream final : public net::Stream, private net::Waiter {
 public:
  // Why the stream can't go on.
  struct Failure {
    Fault fault = Fault::kOther;
    int cause = 0;       // errno of the stream below, kTruncated or kProtocolError
    int alert = -1;      // number of the alert that the peer sent
    std::string reason;  // OpenSSL's words
  };

  // `ssl` is a new connection of either role. `peer` is the other end's name in sentences for
  // people. Made by ClientContext and ServerContext.
  TlsStream(SslPtr ssl, std::unique_ptr<net::Stream> below, std::string peer);
  ~TlsStream() override;

  // Before the handshake: resumes what `place` has for it, and leaves there what the server gives.
  void keep_sessions(SessionPlace place);

  enum class Progress { kDone, kWouldBlock, kFailed };
  // Takes the handshake as far as it goes without waiting; after kWouldBlock wait for `read_needs`.
  // tls/handshake.h has the task that waits.
  Progress try_handshake();

  // Reading and writing start after the handshake. Everything written is one record per call, of at
  // most 16 KiB. After kWouldBlock the next try_write has to begin with the same bytes, since they
  // may be encrypted and partly sent.
  net::IoResult try_read(std::span<char> into) override;
  net::IoResult try_write(std::span<const std::string_view> pieces) override;
  net::Ready read_needs() const override { return read_needs_; }
  net::Ready write_needs() const override { return write_needs_; }
  bool has_buffered() const override;
  std::string_view failure_words() const override;
  // Sends close_notify, then the end of the stream below; what does not fit now goes out by itself
  // as soon as there is room, whether anybody reads or not. Until then the stream waits in the
  // write slot of its Poll, which is free since nobody writes any more. Destroying the stream
  // without shutdown_write looks like truncation to the peer.
  void shutdown_write() override;
  bool is_closing() const override { return output_ == Output::kClosing; }
  net::Poll& poll() override { return transport_.stream->poll(); }
  base::Party party() const override { return transport_.stream->party(); }

  // Set once a call said kFailed or kError.
  const Failure* failure() const { return failure_.get(); }
  const PeerCheck& peer_check() const { return check_; }
  const std::string& peer() const { return peer_; }
  // The first octets received, at most 8.
  std::string_view first_octets() const { return transport_.first_octets(); }
  net::Stream& below() { return *transport_.stream; }
  ssl_st* raw() const { return ssl_.get(); }

 private:
  enum class State : unsigned char { kHandshake, kOpen, kFailed };
  enum class Output : unsigned char { kWriting, kClosing, kClosed };
  enum class Step : unsigned char { kWantRead, kWantWrite, kEnd, kFailed };

  Step step_after(int returned);
  void fail(int ssl_error);
  net::IoResult failed() const;
  net::Ready needs(Step step) const;
  void on_ready() override { push_close(); }
  void push_close();
  bool close_blocked();

  Transport transport_;
  PeerCheck check_;
  SslPtr ssl_;  // destroyed before what it points to
  std::string peer_;
  std::unique_ptr<Failure> failure_;
  size_t committed_ = 0;  // octets of the record that would not go out yet
  State state_ = State::kHandshake;
  Output output_ = Output::kWriting;
  net::Ready read_needs_ = net::Ready::kRead;
  net::Ready write_needs_ = net::Ready::kWrite;
};

}  // namespace tls
