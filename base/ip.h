// IP addresses, prefixes and endpoints as values. Parsing is strict: only the canonical dotted quad
// and RFC 4291 text are addresses; 127.1, 0x7f.1, 0177.0.0.1 and 2130706433 are not.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

enum class Family : std::uint8_t { kV4, kV6 };

class IpAddress {
 public:
  // 0.0.0.0
  IpAddress() = default;
  static IpAddress v4(std::array<std::uint8_t, 4> octets);
  static IpAddress v6(std::array<std::uint8_t, 16> octets);

  // Parses "192.0.2.1" or "2001:db8::1" (no brackets, no zone). nullopt for anything else.
  static std::optional<IpAddress> parse(std::string_view text);

  Family family() const { return family_; }
  bool is_v4() const { return family_ == Family::kV4; }
  // Network byte order; the first 4 are meaningful for IPv4.
  const std::array<std::uint8_t, 16>& octets() const { return octets_; }

  // Canonical text (RFC 5952 for IPv6), without brackets.
  std::string to_string() const;

  // The IPv4 address inside an IPv4-mapped one (::ffff:0:0/96), else the address itself.
  IpAddress unmapped() const;

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  Family family_ = Family::kV4;
  std::array<std::uint8_t, 16> octets_{};
};

// An address prefix. Bits behind the prefix length are zero.
class Cidr {
 public:
  // Parses "10.0.0.0/8", "fd00::/8", or an address (which becomes /32 or /128). Host bits must be
  // zero when `host_bits` is kRefuse.
  enum class HostBits { kRefuse, kClear };
  static std::optional<Cidr> parse(std::string_view text, HostBits host_bits = HostBits::kRefuse);
  Cidr(IpAddress address, int prefix_bits);

  bool contains(const IpAddress& address) const;
  const IpAddress& address() const { return address_; }
  int prefix_bits() const { return prefix_bits_; }
  std::string to_string() const;

  friend bool operator==(const Cidr&, const Cidr&) = default;

 private:
  IpAddress address_;
  int prefix_bits_ = 0;
};

// An address and a TCP or UDP port.
struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;

  // Parses "127.0.0.1:3128" and "[::1]:3128". nullopt for anything else.
  static std::optional<Endpoint> parse(std::string_view text);
  // "127.0.0.1:3128", "[::1]:3128".
  std::string to_string() const;

  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

// Parses a port in canonical decimal, 1–65535. nullopt for "0", "0080", "+80" and all else.
std::optional<std::uint16_t> parse_port(std::string_view text);

}  // namespace base
