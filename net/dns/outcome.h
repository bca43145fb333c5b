// How a lookup ended: the verdict of the name servers on one record type, or on both together.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/ip.h"

namespace net::dns {

// Addresses kept of one name. A name with more is a mistake or an attack on whoever dials them all.
inline constexpr size_t kMaxAddresses = 32;

// From the most to the least telling: of several failures, the smallest is reported.
enum class Verdict : std::uint8_t {
  kAddresses,
  kNotFound,       // NXDOMAIN, or a name that DNS can't hold
  kServerFailure,  // SERVFAIL, NOTIMP, FORMERR, a reply that makes no sense
  kChainTooLong,   // more CNAMEs than kMaxAliases
  kRefused,        // REFUSED
  kUnreachable,    // no server could be asked
  kTimeout,        // no server answered
  kNoAddress,      // the name exists without such records
};

// CNAMEs that are followed from one name. Content networks need five or so; resolvers stop at 9
// to 17.
inline constexpr int kMaxAliases = 16;

struct Outcome {
  Verdict verdict = Verdict::kTimeout;
  std::vector<base::IpAddress> addresses;  // at most kMaxAddresses, none twice; kAddresses: some
  std::uint32_t ttl = 0;                   // seconds, the least of the chain; kAddresses only

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// Whether the servers have spoken: the verdict is about the name, not about the way to an answer.
inline bool is_answer(Verdict verdict) {
  return verdict == Verdict::kAddresses || verdict == Verdict::kNotFound ||
         verdict == Verdict::kNoAddress;
}

// Both families of one name together, IPv6 first. Addresses of either are success; else NXDOMAIN of
// either is kNotFound, since a name exists for all types or for none (RFC 8020 §2); else a failure
// of either counts before "no such records", as the failed one might have had some. When only one
// family was answered the TTL is 0, so that the other is asked for again soon.
Outcome combine(const Outcome& v6, const Outcome& v4);

// The error that a lookup of `name` with this verdict (not kAddresses) ends in. Holds no address.
base::Error failure(Verdict verdict, std::string_view name);

}  // namespace net::dns
