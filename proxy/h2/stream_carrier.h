// A client's stream as the carrier of a session of its own: DATA are its octets, END_STREAM is a
// FIN, and a reset of either side one of the other (RFC 9113 §8.5). Clients that have had the end
// often wait for the stream's in return, so that a silent one is taken to have ended as well.
#pragma once

#include "net/await.h"
#include "net/carrier.h"
#include "net/timer_wheel.h"
#include "proxy/h2/stream_end.h"

namespace proxy::h2 {

class StreamCarrier final : public net::Carrier, private net::TimerWheel::Timer {
 public:
  // Tells `gone` when it is destroyed. Both are referred to until `detach`.
  StreamCarrier(StreamEnd& end, net::Event& gone);
  ~StreamCarrier() override;

  // The stream is about to go first: all that is left is a broken connection.
  void detach();

  net::IoResult try_read(std::span<char> into) override;
  net::IoResult try_write(std::span<const std::string_view> pieces) override;
  void shutdown_write() override;
  bool is_closing() const override;
  net::Poll& poll() override { return poll_; }
  base::Party party() const override { return base::Party::kClient; }
  net::IoResult peek() override;
  net::IoResult try_peek(std::span<char> into) override;
  void discard(size_t octets) override;
  void abort() override;
  void reset_on_close() override { close_ = Close::kReset; }
  int broken_by() const override;
  size_t unsent() const override;

 private:
  // How long a client may be silent behind our end, while nothing of it waits.
  static constexpr base::Millis kSilence{1000};

  void on_timer() override;
  bool broken() const { return end_ == nullptr || end_->broken(); }

  StreamEnd* end_;
  net::Event* gone_;
  net::Poll poll_;
  base::Instant read_at_{};  // when the client was last heard
  enum class Close : std::uint8_t { kOrderly, kReset } close_ = Close::kOrderly;
  enum class Read : std::uint8_t { kOpen, kShutDown } read_ = Read::kOpen;
  enum class Write : std::uint8_t { kOpen, kShutDown } write_ = Write::kOpen;
};

}  // namespace proxy::h2
