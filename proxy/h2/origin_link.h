// An HTTP/2 connection to an origin. The streams of one client connection share it, and nobody
// else's: what policy allowed that client is all that it carries.
#pragma once

#include <memory>
#include <unordered_map>

#include "proxy/h2/link.h"
#include "proxy/h2/stream_end.h"
#include "proxy/origin_pool.h"

namespace proxy::h2 {

class OriginLink final : private Link::Owner {
 public:
  // `allowance` is that client's.
  OriginLink(net::Loop& loop, net::ChunkPool& turns, std::unique_ptr<OriginConnection> origin,
             const http::h2::Settings& settings, Link::Allowance allowance);
  ~OriginLink();

  Link& link() { return link_; }
  bool can_open() { return !link_.over() && link_.connection().can_open(); }
  // Whether a stream was opened before.
  bool used() const { return used_; }
  const base::Endpoint& endpoint() const { return endpoint_; }

  // Opens a stream; `add` and `remove` say whom to wake.
  http::h2::Stream& open(const http::h2::RequestSection& request, http::h2::End end);
  void add(StreamEnd& stream) { ends_[stream.stream().id()] = &stream; }
  void remove(const StreamEnd& stream) { ends_.erase(stream.stream().id()); }

 private:
  void on_turn() override {}
  void on_stream(http::h2::Stream& stream) override { wake(stream.id()); }
  void on_link_over() override;
  void wake(http::h2::StreamId id);

  std::shared_ptr<OriginConnection> origin_;  // until the link is over
  base::Endpoint endpoint_;
  Link link_;
  std::unordered_map<http::h2::StreamId, StreamEnd*> ends_;
  bool used_ = false;
};

}  // namespace proxy::h2
