// The origin's connections, in the clear or in TLS, and who owns them.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "bench/load/fd.h"
#include "bench/load/poller.h"
#include "bench/load/tls_end.h"

namespace load {

class OriginPeer : public Handler {
 public:
  virtual ~OriginPeer() = default;
  virtual void start(Fd fd) = 0;
};

// One that has ended is kept for another round, since the poller may know it yet.
class OriginPeers {
 public:
  void add(std::unique_ptr<OriginPeer> peer);
  void retire(OriginPeer& peer);
  void end_round();

 private:
  std::unordered_map<OriginPeer*, std::unique_ptr<OriginPeer>> open_;
  std::vector<std::unique_ptr<OriginPeer>> retired_;
  std::vector<std::unique_ptr<OriginPeer>> older_;
};

using MakePeer = std::function<std::unique_ptr<OriginPeer>(Poller&, OriginPeers&)>;

std::unique_ptr<OriginPeer> plain_peer(Poller& poller, OriginPeers& all);

// Peers that show a leaf for the name that each client asks for.
MakePeer tls_peers(const ServerTls& how);

// Serves the listening sockets until the process is told to end.
struct Door {
  Fd listener;
  MakePeer make;
};
[[noreturn]] void serve(std::vector<Door> doors);

}  // namespace load
