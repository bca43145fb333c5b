// Which addresses are dangerous to dial for someone else (SSRF), in whatever clothes they come:
// IPv4-mapped, IPv4-compatible, NAT64, 6to4, Teredo and ISATAP forms are unwrapped and judged as
// well.
#pragma once

#include <string_view>

#include "base/ip.h"

namespace proxy::policy {

enum class Guard {
  kPublic,  // dialled unless a rule says no
  kClosed,  // dialled only when an allow rule names the address
  kHard,    // metadata services: dialled only with policy.allow_metadata besides
  kNever,   // multicast, unspecified, broadcast: never dialled
};

struct GuardVerdict {
  Guard guard = Guard::kPublic;
  std::string_view range;  // what it is, in words: "Azure IMDS", "loopback (127.0.0.0/8)"
};

GuardVerdict guard(const base::IpAddress& address);

// Names refused before DNS unless an allow rule lists them: localhost, *.localhost, *.local and
// *.internal (RFC 6761, RFC 6762). Single-label names are not refused here: DNS answers for them.
bool is_local_name(std::string_view host);

}  // namespace proxy::policy
