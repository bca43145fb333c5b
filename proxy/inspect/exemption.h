// Why a tunnel that was to be inspected is not, and the memory of what was found out about clients
// and origins.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/ip.h"
#include "config/schema.h"
#include "http/target.h"

namespace proxy::inspect {

enum class Exemption : std::uint8_t {
  kNone,
  kListed,             // in tls.passthrough
  kApiServer,          // AKS gives clients of its API servers no way to trust another CA
  kClientCertificate,  // the origin asks for one, which only the client has
  kPinned,             // the client rejected our certificate before
  kNotTls,             // the client speaks something else
};

// The word for records: "listed", "api-server", …; "" for kNone.
std::string_view token_of(Exemption exemption);
// Why, as a sentence's second half: "it is in tls.passthrough".
std::string_view reason_of(Exemption exemption);

// What the name alone says. `host` as http::Authority has it.
Exemption exempt_by_name(const config::Tls& config, std::string_view host);

// Keys that are remembered for a while. Bounded: the oldest make room. A worker's own: no locks.
class Memory {
 public:
  static constexpr size_t kMaxKeys = 4096;

  // Returns whether the key is new.
  bool note(const std::string& key, base::Instant now, base::Instant until);
  bool has(const std::string& key, base::Instant now);

 private:
  struct Entry {
    std::string key;
    base::Instant until;
  };
  using Entries = std::list<Entry>;  // the oldest first
  Entries entries_;
  std::unordered_map<std::string, Entries::iterator> by_key_;
};

// Who rejected our certificate for which name.
std::string pinned_key(const base::IpAddress& client, std::string_view name);

// An origin: the CONNECT's authority and the one that the ClientHello made of it. The latter alone
// would let a client speak for others' origins.
std::string origin_key(const http::Authority& dialled, const http::Authority& origin);

// Of one worker.
struct Found {
  Memory pinned;               // client and name (pinned_key)
  Memory client_certificates;  // origin (origin_key)
};

}  // namespace proxy::inspect
