// One HTTP/2 connection (RFC 9113) without a socket: octets in, octets out, and streams between.
// It is nghttp2's session with the limits of a proxy: nothing is kept without bound, no stream's
// window opens before its content was consumed, and a peer that only makes work is told to go away.
//
//   octets ──receive──▶ Stream (heads, content, trailers) ──take, consume──▶ owner
//   octets ◀──output─── Stream (pending content) ◀──send_head, send_content, end── owner
//
// After each call of `receive`, and of `output`, `next_touched` names the streams on which
// something happened; the owner looks at their state.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/error.h"
#include "http/h2/allowance.h"
#include "http/h2/budget.h"
#include "http/h2/code.h"
#include "http/h2/head.h"
#include "http/h2/settings.h"
#include "http/h2/stream.h"

struct nghttp2_session;

namespace http::h2 {

// Whether a stream ends with what is sent.
enum class End : std::uint8_t { kNotYet, kNow };

class Connection {
 public:
  enum class Role : std::uint8_t { kServer, kClient };

  // SETTINGS (and a client's preface) are among the first octets of `output`. Connections that
  // serve the same client share an allowance; one without has its own.
  Connection(Role role, const Settings& settings, std::shared_ptr<Allowance> allowance = nullptr);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Takes what the peer sent, all of it. `now` pays for floods' budgets.
  void receive(std::string_view octets, base::Instant now);
  // Octets for the peer, valid until the next call of any member; `sent` drops the first of them.
  std::string_view output();
  void sent(size_t octets);
  // Nothing is to be received or sent any more: after GOAWAY, once all streams are over.
  bool over() const;
  // The peer broke the protocol or its limits; GOAWAY is on its way out. Party: the peer. Or memory
  // ran out for nghttp2, and nothing more is said. Party: the proxy.
  const std::optional<base::Error>& failure() const { return failure_; }
  // The peer's GOAWAY: no stream can be opened any more (client).
  bool peer_leaves() const { return peer_leaves_; }

  // The next stream on which something happened, each once; nullptr when there is none. For a
  // server a stream is new when its request head can be taken, or was malformed: then it is closed.
  Stream* next_touched();
  // Streams that aren't released.
  size_t streams() const { return streams_.size(); }

  // Client: whether the peer lets us open a stream now.
  bool can_open() const;
  // Opens a stream with a request. can_open() holds.
  Stream& open(const RequestSection& request, End end);

  // Server: an interim or the final response head (`status`, names in lower case). Nothing happens
  // if the stream is closed, here and below.
  void inform(Stream& stream, int status, const Fields& fields);
  void respond(Stream& stream, int status, const Fields& fields, End end);

  // How many octets send_content would take: 0 until frames have carried what was given before.
  size_t room(const Stream& stream) const;
  // Takes a prefix of `content`, as much as there is room for; returns its size. The stream is
  // touched when there is room again.
  size_t send_content(Stream& stream, std::string_view content);
  // Nothing follows, but `trailers` (names in lower case), if there are any.
  void end(Stream& stream, const Fields& trailers = {});
  // Content waits because the peer's flow-control windows are used up, not because of its socket.
  bool held_by_peer(const Stream& stream) const;

  // Gives the first `octets` of the stream's content() back to its window, which grows when all
  // that was there is consumed. The owner calls it when they have gone on.
  void consume(Stream& stream, size_t octets);

  // Ends the stream with RST_STREAM; it is closed with `code` at once.
  void reset(Stream& stream, Code code) { reset(stream, code, Stream::EndedBy::kOwner); }
  // Why a stream is closed, as its exchange's error: whose doing it was, and what that was.
  base::Error ending(const Stream& stream) const;
  // The owner has no more use for the stream, which is invalid afterwards. If it isn't closed it is
  // reset: with kNoError when we have sent all (RFC 9113 §8.1), else with kCancel.
  void release(Stream& stream);

  // Lets the streams that are there end, and takes no others after a round trip (RFC 9113 §6.8).
  void drain();
  // Ends the connection with GOAWAY.
  void terminate(Code code);

 private:
  friend struct Callbacks;  // callbacks.cc: nghttp2's calls, turned into those below
  struct Deleter {
    void operator()(nghttp2_session* session) const;
  };

  // receiving.cc; those that return int give nghttp2's verdict: go on, or give the session up.
  int begin_frame(std::uint8_t type, std::uint8_t flags, StreamId id, size_t length);
  void begin_head(StreamId id);
  int add_field(StreamId id, std::string_view name, std::string_view value);
  void end_head(StreamId id, End end);
  void end_response(Stream& stream);
  bool hold_head(Stream& stream);
  void frame_refused(StreamId id, std::string_view why);
  void add_content(StreamId id, std::string_view content);
  void widen(Stream& stream, size_t octets);
  int data_ended(StreamId id, size_t length, size_t padding, End end);
  int peer_reset(StreamId id);
  void ping_answered();
  void stream_closed(StreamId id, Code code);
  int count_idle_frame();

  // sending.cc
  struct Pulled {
    size_t octets = 0;
    enum class More : std::uint8_t { kYes, kLater, kNo, kTrailers } more = More::kYes;
    const Fields* trailers = nullptr;
  };
  Pulled pull(StreamId id, std::uint8_t* into, size_t room);
  void frame_sent(StreamId id, size_t length, End end);
  void head_not_sent(StreamId id);
  void reset_sent(StreamId id, Code code);
  void goaway_sent(Code code);

  struct Fault {
    Code code;
    std::string_view what;
  };
  // Ends the connection for the peer's fault; `code` goes into GOAWAY.
  void fail(Code code, std::string_view what);
  void give_up(const Fault& fault);
  void end_with(const base::Error& error, Code code);
  // Takes what a call of nghttp2 has returned. Where that is a lack of memory, something will never
  // be said, and the connection ends as soon as its owner moves octets again.
  void note(long returned);
  void starve();
  void reset(Stream& stream, Code code, Stream::EndedBy by);
  void close(Stream& stream, Code code);
  void drop_pending(Stream& stream);
  // Gives back what the stream holds, and forgets it.
  void forget(Stream& stream);
  void submit_settings();
  Stream* find(StreamId id);
  void touch(Stream& stream);
  void resume(Stream& stream);
  base::Party peer() const;

  Role role_;
  Settings settings_;
  std::shared_ptr<Allowance> allowance_;
  std::unique_ptr<nghttp2_session, Deleter> session_;
  std::unordered_map<StreamId, std::unique_ptr<Stream>> streams_;
  std::deque<StreamId> touched_;
  std::string output_;
  size_t output_at_ = 0;
  Budget resets_;
  Budget idle_frames_;
  base::Instant now_{};
  std::uint64_t head_octets_ = 0;  // of the head that is coming, unfolded
  std::optional<base::Error> failure_;
  StreamId unsaid_ = -1;  // of the next stream that could not be opened
  std::string words_;     // nghttp2's last error, for `failure_`
  enum class Memory : std::uint8_t { kEnough, kLacking, kOver } memory_ = Memory::kEnough;
  std::optional<Fault> fault_;  // found inside a callback, acted upon outside
  bool peer_leaves_ = false;
  enum class Drain : std::uint8_t { kNo, kNoticed, kDone } drain_ = Drain::kNo;
};

}  // namespace http::h2
