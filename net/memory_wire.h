// A connection in memory, for a conversation of two ends that one thread leads.
#pragma once

#include <cassert>
#include <cstdlib>
#include <memory>
#include <string>

#include "net/stream.h"

namespace net {

// Both directions; the ends refer to it. Nobody waits on them: who finds nothing to read gives way
// to the other end.
class MemoryWire {
 public:
  // The end that a client holds, whose peer is the origin, and the other way round.
  std::unique_ptr<Stream> client_end() {
    return std::make_unique<End>(to_client_, to_server_, base::Party::kOrigin);
  }
  std::unique_ptr<Stream> server_end() {
    return std::make_unique<End>(to_server_, to_client_, base::Party::kClient);
  }

 private:
  class End final : public Stream {
   public:
    End(std::string& in, std::string& out, base::Party peer) : in_(in), out_(out), peer_(peer) {}

    IoResult try_read(std::span<char> into) override {
      if (in_.empty()) return {IoResult::Kind::kWouldBlock, 0, 0};
      const size_t size = in_.copy(into.data(), into.size());
      in_.erase(0, size);
      return {IoResult::Kind::kDone, size, 0};
    }
    IoResult try_write(std::span<const std::string_view> pieces) override {
      const size_t before = out_.size();
      for (const std::string_view piece : pieces) out_ += piece;
      return {IoResult::Kind::kDone, out_.size() - before, 0};
    }
    void shutdown_write() override {}
    Poll& poll() override {
      assert(false && "waiting on a wire in memory");
      std::abort();
    }
    base::Party party() const override { return peer_; }

   private:
    std::string& in_;
    std::string& out_;
    base::Party peer_;
  };

  std::string to_client_;
  std::string to_server_;
};

}  // namespace net
