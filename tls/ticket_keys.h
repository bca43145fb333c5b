// The keys that seal a server's session tickets (RFC 5077 §4, RFC 8446 §4.6.1).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>

#include "base/clock.h"
#include "tls/handles.h"

namespace tls {

struct TicketKey {
  std::array<unsigned char, 16> name{};
  std::array<unsigned char, 32> cipher{};  // AES-256-CBC
  std::array<unsigned char, 32> mac{};     // HMAC-SHA-256
  base::Instant made{};

  TicketKey() = default;
  ~TicketKey();  // wipes
  TicketKey(const TicketKey&) = delete;
  TicketKey& operator=(const TicketKey&) = delete;
};

// Whoever gets hold of a key can read what was sent under its tickets in TLS 1.2, so keys are made
// here, are never written anywhere, and don't last: one seals for `kLifetime`, opens for as long
// again, and is wiped at the next handshake. All members are thread-safe.
class TicketKeys {
 public:
  using KeyPtr = std::shared_ptr<const TicketKey>;
  static constexpr std::chrono::hours kLifetime{12};

  // The key for new tickets; null when there is no randomness for one.
  KeyPtr sealing(base::Instant now);
  // The key of that name if its tickets are still accepted, else null.
  KeyPtr opening(std::span<const unsigned char, 16> name, base::Instant now);

 private:
  void drop_old(base::Instant now);

  // Held while pointers are copied, and once in kLifetime while a key is made.
  std::mutex mutex_;
  KeyPtr current_;
  KeyPtr previous_;
};

// Makes `context` send one ticket for each handshake, sealed with `keys`, which outlives the
// context's handshakes, and accept those that it sent itself. A ticket whose client certificate has
// expired since leads to a full handshake. False when out of memory or randomness.
bool use_tickets(ssl_ctx_st* context, TicketKeys& keys);

}  // namespace tls
