// The content of one stream, both ways, with flow control tied to whoever is on the other side of
// the exchange: an octet is acknowledged when it was consumed, and taken when there is room.
#pragma once

#include <cstdint>
#include <optional>

#include "net/await.h"
#include "proxy/ends.h"
#include "proxy/h2/link.h"

namespace proxy::h2 {

class StreamEnd final : public Source, public Sink {
 public:
  // `link` and its connection outlive this; the stream is released with it.
  StreamEnd(Link& link, http::h2::Stream& stream)
      : link_(link), stream_(stream), readable_(link.loop()), writable_(link.loop()) {}
  ~StreamEnd();

  http::h2::Stream& stream() { return stream_; }
  const http::h2::Stream& stream() const { return stream_; }

  net::Loop& loop() const { return link_.loop(); }

  // Something happened on the stream, or the link is over: waits go on. Each may end the exchange,
  // and this with it.
  void wake_reader();
  void wake_writer() { poll_ != nullptr ? poll_->signal(net::Ready::kWrite) : writable_.set(); }
  // Whoever uses the stream without waiting is told there, until it says nullptr.
  void tell(net::Poll* poll) { poll_ = poll; }
  // Why nothing can be sent any more, if that is so.
  std::optional<base::Error> broken() const;
  // Until something has happened on the peer's side of the stream.
  net::Task<base::Result<void>> wait_for_news(net::Patience patience);

  // The response or request of which this is the content was begun.
  void begin() { owes_head_ = true; }

  base::Result<Content> look() override;
  void consume() override;
  net::Task<base::Result<void>> wait(net::Patience patience) override;
  const http::Fields& trailers() const override;

  bool owes_head() const override { return owes_head_; }
  net::Task<base::Result<void>> send(std::string_view content, net::Patience patience) override;
  net::Task<base::Result<void>> end(const http::Fields& trailers, net::Patience patience) override;

  // The same without waiting. Consumes the first octets of the stream's content.
  void consume(size_t octets);
  // Returns how many octets were taken.
  size_t try_send(std::string_view content);
  void begin_end(const http::Fields& trailers = {});
  void reset(http::h2::Code code);

  // Octets of content since the last call.
  std::uint64_t take_received() { return std::exchange(received_, 0); }
  std::uint64_t take_sent() { return std::exchange(sent_, 0); }

 private:
  base::Failure stalled(const char* doing) const;

  Link& link_;
  http::h2::Stream& stream_;
  net::Event readable_;
  net::Event writable_;
  size_t looked_at_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t sent_ = 0;
  bool owes_head_ = false;
  net::Poll* poll_ = nullptr;
};

}  // namespace proxy::h2
