// A new TLS connection through a proxy that inspects it, one request in it, and its end.
#pragma once

#include <optional>

#include "bench/load/connection_lane.h"
#include "bench/load/tls_end.h"

namespace load {

enum class Leaf : std::uint8_t {
  kCached,  // always the same name
  kFresh,   // a name that the proxy has never seen
};

class InspectLane final : public ConnectionLane {
 public:
  // `clients` outlives the lane.
  InspectLane(Poller& poller, Route& route, std::uint64_t body, const TlsClients& clients,
              Leaf leaf);
  void begin() override { open(Kind::kTunnel); }

 private:
  void on_open() override;
  void on_octets(std::string_view octets) override;
  void send_output();

  std::uint64_t body_;
  const TlsClients& clients_;
  Leaf leaf_;
  std::optional<TlsEnd> tls_;
  std::string name_;
  std::string output_;
  ReplyReader reply_;
  bool asked_ = false;
};

}  // namespace load
