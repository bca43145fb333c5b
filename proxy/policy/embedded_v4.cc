#include "proxy/policy/embedded_v4.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace proxy::policy {
namespace {

using Octets = std::array<std::uint8_t, 16>;

bool starts_with(const Octets& octets, std::initializer_list<std::uint8_t> prefix) {
  return std::equal(prefix.begin(), prefix.end(), octets.begin());
}

base::IpAddress v4_at(const Octets& o, size_t at) {
  return base::IpAddress::v4({o[at], o[at + 1], o[at + 2], o[at + 3]});
}

// Teredo hides the client's address from address-rewriting middleboxes by inverting it.
base::IpAddress inverted_v4_at(const Octets& o, size_t at) {
  const auto flip = [&o](size_t i) { return static_cast<std::uint8_t>(~o[i]); };
  return base::IpAddress::v4({flip(at), flip(at + 1), flip(at + 2), flip(at + 3)});
}

// The interface identifier 0000:5efe or, for a globally unique address, 0200:5efe.
bool is_isatap(const Octets& o) {
  return (o[8] & 0xfd) == 0 && o[9] == 0 && o[10] == 0x5e && o[11] == 0xfe;
}

}  // namespace

EmbeddedList embedded_v4(const base::IpAddress& address) {
  EmbeddedList list;
  if (address.is_v4()) return list;
  const Octets& o = address.octets();
  if (starts_with(o, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff})) {
    list.add({v4_at(o, 12), "IPv4-mapped (::ffff:0:0/96)"});
  } else if (starts_with(o, {0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0})) {
    list.add({v4_at(o, 12), "IPv4-translated (::ffff:0:0:0/96)"});
  } else if (starts_with(o, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})) {
    // "::" and "::1" lie in the same prefix and are no IPv4 addresses (RFC 4291 §2.5.5.1).
    const bool own_meaning = o[12] == 0 && o[13] == 0 && o[14] == 0 && o[15] <= 1;
    if (!own_meaning) list.add({v4_at(o, 12), "IPv4-compatible (::/96)"});
  } else if (starts_with(o, {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) {
    list.add({v4_at(o, 12), "NAT64 (64:ff9b::/96)"});
  } else if (starts_with(o, {0, 0x64, 0xff, 0x9b, 0, 1})) {
    constexpr std::string_view kForm = "local NAT64 (64:ff9b:1::/48)";
    // RFC 6052 §2.2: octet 8 is skipped in the /48, /56 and /64 layouts.
    list.add({v4_at(o, 12), kForm, Certainty::kGuess});
    list.add({v4_at(o, 9), kForm, Certainty::kGuess});
    list.add({base::IpAddress::v4({o[7], o[9], o[10], o[11]}), kForm, Certainty::kGuess});
    list.add({base::IpAddress::v4({o[6], o[7], o[9], o[10]}), kForm, Certainty::kGuess});
  } else if (starts_with(o, {0x20, 0x02})) {
    list.add({v4_at(o, 2), "6to4 (2002::/16)"});
  } else if (starts_with(o, {0x20, 0x01, 0, 0})) {
    list.add({v4_at(o, 4), "Teredo (2001::/32)"});
    list.add({inverted_v4_at(o, 12), "Teredo (2001::/32)"});
  }
  if (is_isatap(o)) list.add({v4_at(o, 12), "ISATAP (RFC 5214)"});
  return list;
}

}  // namespace proxy::policy
