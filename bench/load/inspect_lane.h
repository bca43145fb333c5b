// A TLS connection through a proxy that inspects it, and one request in it; then its end, or the
// next request when it is asked again.
#pragma once

#include <optional>

#include "bench/load/connection_lane.h"
#include "bench/load/tls_end.h"

namespace load {

enum class Leaf : std::uint8_t {
  kCached,  // always the same name
  kFresh,   // a name that the proxy has never seen
};

enum class Afterwards : std::uint8_t { kClose, kHold };

class InspectLane final : public ConnectionLane {
 public:
  // `clients` outlives the lane.
  InspectLane(Poller& poller, Route& route, std::uint64_t body, const TlsClients& clients,
              Leaf leaf, Afterwards afterwards);
  void begin() override;
  void reset() override;

 private:
  void on_open() override;
  void on_octets(std::string_view octets) override;
  void on_idle_end() override { stage_ = Stage::kLost; }
  void ask();
  void send_output();

  std::uint64_t body_;
  const TlsClients& clients_;
  Leaf leaf_;
  Afterwards afterwards_;
  std::optional<TlsEnd> tls_;
  std::string name_;
  std::string output_;
  ReplyReader reply_;
  //   kNew ──TLS handshake──> kAsked ──answer──> kHeld ──begin──> kAsked
  //                                                └──the other end closed──> kLost
  enum class Stage : std::uint8_t { kNew, kAsked, kHeld, kLost } stage_ = Stage::kNew;
};

}  // namespace load
