// Reading a name server's reply (RFC 1035 §4). Pure, linear in the size of the packet, and bounded:
// compression pointers only point backwards, chains of aliases have at most kMaxAliases links.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/ip.h"
#include "net/dns/outcome.h"

namespace net::dns {

// Whether the server did not understand the question (FORMERR), as some do when it carries EDNS.
bool is_format_error(std::span<const std::uint8_t> packet);

// The outcome for the A or AAAA records of `name` (no trailing dot) that `packet` gives: those at
// the end of the chain of CNAMEs that starts at `name`, which is expected in order, as resolvers
// send it. A packet that can't be read is kServerFailure; too long a
// chain is kChainTooLong. Ids and the
// question were compared by whoever received the packet.
Outcome read_reply(std::span<const std::uint8_t> packet, std::string_view name,
                   base::Family family);

}  // namespace net::dns
