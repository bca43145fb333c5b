// One stream of a connection as its owner sees it: what has come and can be taken, and how far what
// was sent has got. What is done to it is done through Connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "http/fields.h"
#include "http/h2/code.h"
#include "http/h2/head.h"
#include "http/head.h"

namespace http::h2 {

using StreamId = std::int32_t;

class Stream {
 public:
  StreamId id() const { return id_; }

  // The peer's heads that have come, oldest first: one request head, or interim responses and the
  // final one. A failure is a head that is well-formed HTTP/2 and refused nevertheless (over the
  // limits, say): a server may still answer it.
  bool has_head() const { return request_ || !responses_.empty(); }
  base::Result<RequestHead> take_request();
  base::Result<ResponseHead> take_response();

  // The front of the content that has come; it stays where it is until it is consumed
  // (Connection::consume). Empty when there is none.
  std::string_view content() const {
    return content_.empty() ? std::string_view()
                            : std::string_view(content_.front()).substr(content_at_);
  }
  // Octets of all of it.
  size_t waiting() const { return waiting_; }
  // Nothing follows content(): END_STREAM was received.
  bool peer_ended() const { return peer_ended_; }
  // Complete once peer_ended().
  const base::Result<Fields>& trailers() const { return trailers_; }

  // Octets of content that no frame has carried yet.
  size_t pending() const { return pending_.size() - pending_at_; }
  // Our END_STREAM is among Connection::output's octets, or was.
  bool sent_all() const { return sent_all_; }

  // Set once the stream is over: kNoError when both sides ended it. What came before can be taken
  // still; nothing can be sent.
  std::optional<Code> closed() const { return closed_; }
  // Who ended it: the peer or the owner; or we did for what the peer broke, or because the client's
  // streams hold too much (Allowance).
  enum class EndedBy : std::uint8_t { kPeer, kOwner, kBreach, kHoard };
  EndedBy ended_by() const { return ended_by_; }
  // What the peer did, after kBreach.
  const std::string& breach() const { return breach_; }

 private:
  friend class Connection;
  enum class Sending : std::uint8_t { kNotBegun, kOpen, kEnding, kEnded };

  Stream(StreamId id, size_t window) : id_(id), window_(window) {}

  StreamId id_;
  std::optional<base::Result<RequestHead>> request_;
  std::vector<base::Result<ResponseHead>> responses_;
  std::optional<HeadBuilder> building_;
  std::list<std::string> content_;  // pieces of DATA frames, the first consumed up to content_at_
  size_t content_at_ = 0;
  size_t waiting_ = 0;
  size_t window_ = 0;    // how much may wait
  size_t consumed_ = 0;  // since `counted_from_`
  base::Instant counted_from_{};
  size_t head_held_ = 0;  // octets of the peer's heads that are counted as held
  base::Result<Fields> trailers_{Fields{}};
  std::string pending_;  // content for frames to come
  size_t pending_at_ = 0;
  Fields pending_trailers_;
  Sending sending_ = Sending::kNotBegun;
  bool final_head_ = false;  // a head that is no interim one has come
  bool tunnel_ = false;      // it was asked for by CONNECT
  bool peer_ended_ = false;
  bool sent_all_ = false;
  bool deferred_ = false;  // nghttp2 was told that there is nothing to send
  bool known_ = false;     // the owner has seen it
  bool touched_ = false;   // is among Connection's touched streams
  EndedBy ended_by_ = EndedBy::kPeer;
  std::string breach_;
  std::optional<Code> closed_;
};

}  // namespace http::h2
