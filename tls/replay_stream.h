// A stream whose first octets have been read already, and are read once more: TLS over a connection
// whose ClientHello was peeked at, for instance.
#pragma once

#include <memory>
#include <string>

#include "net/stream.h"

namespace tls {

// Reading gives `octets` first, then what `below` has; all else is the stream below. As long as
// octets are left try_read does not say would-block, whatever the Poll says: as with every stream,
// try before waiting.
class ReplayStream final : public net::Stream {
 public:
  ReplayStream(std::string octets, std::unique_ptr<net::Stream> below);

  net::IoResult try_read(std::span<char> into) override;
  net::IoResult try_write(std::span<const std::string_view> pieces) override {
    return below_->try_write(pieces);
  }
  net::Ready read_needs() const override { return below_->read_needs(); }
  net::Ready write_needs() const override { return below_->write_needs(); }
  bool has_buffered() const override { return left() > 0 || below_->has_buffered(); }
  std::string_view failure_words() const override { return below_->failure_words(); }
  void shutdown_write() override { below_->shutdown_write(); }
  bool is_closing() const override { return below_->is_closing(); }
  net::Poll& poll() override { return below_->poll(); }
  base::Party party() const override { return below_->party(); }

  net::Stream& below() { return *below_; }
  // Octets still to be read again. Once there are none, their memory is free.
  size_t left() const { return octets_.size() - given_; }

 private:
  std::string octets_;
  size_t given_ = 0;
  std::unique_ptr<net::Stream> below_;
};

}  // namespace tls
