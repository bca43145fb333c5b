// The origin's side of a connection in TLS: one GET /bytes/N after the other.
#include <array>
#include <charconv>
#include <memory>
#include <string>
#include <utility>

#include "bench/load/origin.h"
#include "bench/load/origin_peer.h"
#include "bench/load/pattern.h"
#include "bench/load/tls_end.h"
#include "bench/load/wire.h"

namespace load {
namespace {

constexpr std::uint64_t kMostBody = kPatternRun;
constexpr std::size_t kMaxHead = 16 * 1024;

class TlsPeer final : public OriginPeer {
 public:
  TlsPeer(Poller& poller, OriginPeers& all, std::shared_ptr<const TlsServers> servers)
      : poller_(poller), all_(all), servers_(std::move(servers)), tls_(servers_->open()) {}
  void start(Fd fd) override { wire_.adopt(poller_, *this, std::move(fd)); }

  void on_ready() override {
    while (wire_.is_open() && flush()) {
      std::array<char, 16 * 1024> octets;
      const Wire::Moved moved = wire_.read(octets);
      if (moved.io == Wire::Io::kBlocked) return;
      if (moved.io != Wire::Io::kDone || !take({octets.data(), moved.octets})) {
        out_ += tls_.take_output();  // an alert, perhaps
        flush();
        wire_.close();
        all_.retire(*this);
      }
    }
  }

 private:
  bool flush() {
    while (!out_.empty()) {
      const Wire::Moved moved = wire_.write(out_);
      if (moved.io != Wire::Io::kDone) return false;
      out_.erase(0, moved.octets);
    }
    return true;
  }

  bool take(std::string_view octets) {
    tls_.feed(octets);
    const TlsEnd::Step step = tls_.handshake();
    if (step == TlsEnd::Step::kFailed) return false;
    if (step == TlsEnd::Step::kOpen) {
      head_ += tls_.read();
      const std::size_t end = head_.find("\r\n\r\n");
      if (end == std::string::npos ? head_.size() > kMaxHead : !answer(end)) return false;
    }
    out_ += tls_.take_output();
    return true;
  }

  bool answer(std::size_t end) {
    const std::string head = std::exchange(head_, {}).substr(0, end);
    const std::size_t at = head.find("/bytes/");
    std::uint64_t length = 0;
    if (at == std::string::npos) return false;
    if (std::from_chars(&head[at + 7], head.data() + head.size(), length).ec != std::errc())
      return false;
    if (length > kMostBody) return false;
    std::string reply = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
    reply += pattern_at(0, length);
    return tls_.write(reply);
  }

  Poller& poller_;
  OriginPeers& all_;
  std::shared_ptr<const TlsServers> servers_;
  TlsEnd tls_;
  Wire wire_;
  std::string head_;
  std::string out_;
};

}  // namespace

MakePeer tls_peers(const ServerTls& how) {
  const auto servers = std::make_shared<const TlsServers>(how);
  return [servers](Poller& poller, OriginPeers& all) -> std::unique_ptr<OriginPeer> {
    return std::make_unique<TlsPeer>(poller, all, servers);
  };
}

}  // namespace load
