#include "bench/load/origin_peer.h"

#include <sys/socket.h>

#include <utility>

namespace load {
namespace {

constexpr int kAcceptsPerTurn = 64;

class Acceptor final : public Handler {
 public:
  Acceptor(Poller& poller, OriginPeers& all, Door door)
      : poller_(poller), all_(all), door_(std::move(door)) {
    poller_.add(door_.listener.get(), *this);
  }

  void on_ready() override {
    for (int turn = 0; turn < kAcceptsPerTurn; ++turn) {
      Fd fd(::accept4(door_.listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (!fd) return;
      auto peer = door_.make(poller_, all_);
      OriginPeer& started = *peer;
      all_.add(std::move(peer));
      started.start(std::move(fd));
    }
    poller_.again(*this);
  }

 private:
  Poller& poller_;
  OriginPeers& all_;
  Door door_;
};

}  // namespace

void OriginPeers::add(std::unique_ptr<OriginPeer> peer) {
  OriginPeer* const key = peer.get();
  open_.emplace(key, std::move(peer));
}

void OriginPeers::retire(OriginPeer& peer) {
  auto node = open_.extract(&peer);
  if (!node.empty()) retired_.push_back(std::move(node.mapped()));
}

void OriginPeers::end_round() { older_ = std::exchange(retired_, {}); }

void serve(std::vector<Door> doors) {
  Poller poller;
  OriginPeers peers;
  std::vector<std::unique_ptr<Acceptor>> acceptors;
  acceptors.reserve(doors.size());
  for (Door& door : doors) {
    acceptors.push_back(std::make_unique<Acceptor>(poller, peers, std::move(door)));
  }
  for (;;) {
    poller.wait(base::steady_now() + std::chrono::hours(1));
    peers.end_round();
  }
}

}  // namespace load
