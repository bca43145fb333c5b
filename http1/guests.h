// Who has to go when a small server has as many connections as it may hold: nobody is turned away
// for what another client does, and a client that is alone may have them all.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/ip.h"

namespace http1 {

// How much is lost when a connection is ended, least first.
enum class Stage : std::uint8_t {
  kUnproven,  // nothing of it was answered yet
  kIdle,      // between two requests
  kBusy,      // a request is being read or answered
};

struct Guest {
  std::uint64_t id = 0;   // in the order of arrival
  base::IpAddress party;  // as party_of gives it
  Stage stage = Stage::kUnproven;
};

// What counts as one client: an IPv4 address, or the /64 of an IPv6 one, all of which one machine
// may use.
base::IpAddress party_of(const base::IpAddress& client);

// The connection that makes room for a newcomer of `party`: of those who hold the most, the one
// with which the least is lost, the oldest first. Requests that are being read or answered end only
// for a client that holds less. nullopt: the newcomer has to go.
std::optional<std::uint64_t> who_leaves(std::span<const Guest> guests,
                                        const base::IpAddress& party);

}  // namespace http1
