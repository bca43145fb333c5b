// A test's end of a TCP connection that is reset once it has said so many octets.
#pragma once

#include <cerrno>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>

#include "net/socket.h"

namespace proxy::script {

// How many octets an end says in all, and how many it may.
struct Cut {
  size_t after = std::numeric_limits<size_t>::max();
  size_t said = 0;
};

class CutStream final : public net::Stream {
 public:
  // `cut` outlives it.
  CutStream(std::unique_ptr<net::Socket> socket, Cut& cut)
      : socket_(std::move(socket)), poll_(socket_->poll().loop()), cut_(cut) {}

  net::IoResult try_read(std::span<char> into) override {
    break_if_due();
    return socket_ == nullptr ? kBroken : socket_->try_read(into);
  }
  net::IoResult try_write(std::span<const std::string_view> pieces) override {
    break_if_due();
    if (socket_ == nullptr) return kBroken;
    const std::string_view piece = pieces.front().substr(0, cut_.after - cut_.said);
    if (piece.empty()) return {net::IoResult::Kind::kWouldBlock, 0, 0};
    const net::IoResult put = socket_->try_write({&piece, 1});
    if (put.kind == net::IoResult::Kind::kDone) cut_.said += put.bytes;
    return put;
  }
  void shutdown_write() override {
    if (socket_ != nullptr) socket_->shutdown_write();
  }
  net::Poll& poll() override { return socket_ == nullptr ? poll_ : socket_->poll(); }
  base::Party party() const override { return base::Party::kProxy; }
  void reset_on_close() {
    if (socket_ != nullptr) socket_->reset_on_close();
  }

 private:
  static constexpr net::IoResult kBroken{net::IoResult::Kind::kError, 0, ECONNRESET};

  void break_if_due() {
    if (socket_ == nullptr || cut_.said < cut_.after) return;
    socket_->reset_on_close();
    socket_.reset();
  }

  std::unique_ptr<net::Socket> socket_;
  net::Poll poll_;  // in place of the socket's
  Cut& cut_;
};

}  // namespace proxy::script
