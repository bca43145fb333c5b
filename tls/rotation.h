// From one inspection CA to the next: which clients break in which step, by real handshakes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "tls/authority.h"
#include "tls/fault.h"
#include "tls/peer_name.h"

namespace tls {

enum class Trusted : std::uint8_t { kOld, kBoth, kNew };  // what clients have been given
enum class Signer : std::uint8_t { kOld, kNew };          // who signs the proxy's leaves

// How the handshake of a client with `trusted` ends when `signer` signs; kNone is success.
struct RotationTrial {
  Trusted trusted;
  Signer signer;
  Fault fault;
};

// All six, each with the proxy's server and a client that verifies, in this process, for a leaf for
// `host`. Fails when one of the authorities can't sign for that.
base::Result<std::vector<RotationTrial>> try_rotation(const Authority& old, const Authority& next,
                                                      const PeerName& host, base::WallTime now);

// While a step goes on, clients before it and after it meet proxies before it and after it.
struct RotationStep {
  std::string what;
  std::vector<RotationTrial> broken;
};
struct RotationOrder {
  std::string name;
  std::vector<RotationStep> steps;

  bool breaks() const;
};

// The order in which nobody breaks first, then what is commonly done instead.
std::vector<RotationOrder> rehearse_rotation(const std::vector<RotationTrial>& trials);

}  // namespace tls
