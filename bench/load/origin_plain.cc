// The origin's side of a connection in the clear.
#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include "base/ascii.h"
#include "bench/load/origin.h"
#include "bench/load/origin_peer.h"
#include "bench/load/pattern.h"
#include "bench/load/poller.h"
#include "bench/load/wire.h"

namespace load {
namespace {

constexpr int kTurns = 8;  // reads or writes of one connection before the others get their turn
constexpr std::size_t kMaxHead = 16 * 1024;

std::array<char, 256 * 1024> scratch;

class Connection final : public OriginPeer {
 public:
  Connection(Poller& poller, OriginPeers& all) : poller_(poller), all_(all) {}
  void start(Fd fd) override { wire_.adopt(poller_, *this, std::move(fd)); }

  void on_ready() override {
    if (!wire_.is_open()) return;
    for (int turn = 0; turn < kTurns; ++turn) {
      if (!flush()) return;
      const Wire::Moved moved = wire_.read(scratch);
      if (moved.io == Wire::Io::kBlocked) return;
      if (moved.io != Wire::Io::kDone) return end();
      if (!take({scratch.data(), moved.octets})) return end();
    }
    poller_.again(*this);
  }

 private:
  enum class State : std::uint8_t { kHead, kSink, kEcho };

  void end() {
    wire_.close();
    all_.retire(*this);
  }

  // Writes what is owed: text first, then the body. False when it must wait or the end has come.
  bool flush() {
    for (int turn = 0; !out_.empty() || body_ < body_end_; ++turn) {
      if (turn == kTurns) {
        poller_.again(*this);
        return false;
      }
      const bool text = !out_.empty();
      const std::string_view piece =
          text ? std::string_view(out_) : pattern_at(body_, body_end_ - body_);
      const Wire::Moved moved = wire_.write(piece);
      if (moved.io == Wire::Io::kBlocked) return false;
      if (moved.io != Wire::Io::kDone) {
        end();
        return false;
      }
      if (text) {
        out_.erase(0, moved.octets);
      } else {
        body_ += moved.octets;
      }
    }
    if (!closing_) return true;
    end();
    return false;
  }

  // False for what makes no sense.
  bool take(std::string_view octets) {
    if (state_ == State::kHead && in_.empty() && octets[0] == kEchoMark) state_ = State::kEcho;
    if (state_ == State::kEcho) {
      const Wire::Moved moved = wire_.write(octets);
      if (moved.io != Wire::Io::kDone && moved.io != Wire::Io::kBlocked) return false;
      out_ = octets.substr(moved.octets);
      return true;
    }
    if (state_ == State::kSink) return take_body(octets);
    in_ += octets;
    const std::size_t end = in_.find("\r\n\r\n");
    if (end == std::string::npos) return in_.size() <= kMaxHead;
    const std::string head = in_.substr(0, end + 2);
    const std::string rest = in_.substr(end + 4);
    std::string().swap(in_);
    if (!answer(head)) return false;
    return rest.empty() || (state_ == State::kSink && take_body(rest));
  }

  bool answer(std::string_view head) {
    closing_ = base::lower(head).find("\r\nconnection: close\r\n") != std::string::npos;
    if (head.starts_with("GET ")) {
      const std::size_t at = head.find("/bytes/");
      return at != std::string_view::npos && number(head.substr(at + 7), body_end_) && reply(200);
    }
    const std::size_t at = base::lower(head).find("\r\ncontent-length: ");
    if (!head.starts_with("POST ") || at == std::string_view::npos) return false;
    state_ = State::kSink;
    received_ = 0;
    sound_ = true;
    return number(head.substr(at + 18), expected_) && (expected_ > 0 || finish_sink());
  }

  bool take_body(std::string_view octets) {
    if (octets.size() > expected_ - received_) return false;
    sound_ = sound_ && matches_pattern(received_, octets);
    received_ += octets.size();
    return received_ < expected_ || finish_sink();
  }

  bool finish_sink() {
    state_ = State::kHead;
    body_end_ = kSinkReply;
    return reply(sound_ ? 200 : 422);
  }

  bool reply(int status) {
    body_ = 0;
    out_ = "HTTP/1.1 " + std::to_string(status) +
           (status == 200 ? " OK" : " Unprocessable Content") +
           "\r\nServer: sluice-load\r\nContent-Type: application/octet-stream\r\n"
           "Cache-Control: no-store\r\nContent-Length: " +
           std::to_string(body_end_) + (closing_ ? "\r\nConnection: close" : "") + "\r\n\r\n";
    // One write for a small message: head and body leave together, as a server's would.
    if (body_end_ <= 16 * 1024) {
      out_ += pattern_at(0, body_end_);
      body_ = body_end_;
    }
    return true;
  }

  static bool number(std::string_view text, std::uint64_t& value) {
    return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc();
  }

  Poller& poller_;
  OriginPeers& all_;
  Wire wire_;
  State state_ = State::kHead;
  bool closing_ = false;
  bool sound_ = true;
  std::string in_;              // a head so far
  std::string out_;             // unwritten
  std::uint64_t body_ = 0;      // of the response: written
  std::uint64_t body_end_ = 0;  // and to be written
  std::uint64_t received_ = 0;  // of the request
  std::uint64_t expected_ = 0;
};

}  // namespace

std::unique_ptr<OriginPeer> plain_peer(Poller& poller, OriginPeers& all) {
  return std::make_unique<Connection>(poller, all);
}

}  // namespace load
