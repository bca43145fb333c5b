#include "base/ip.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstring>

#include "base/ascii.h"

namespace base {
namespace {

// Longest text of an IPv6 address with an embedded IPv4 one, plus the NUL.
constexpr size_t kMaxText = INET6_ADDRSTRLEN;

bool canonical_decimal(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return false;
  return std::all_of(text.begin(), text.end(), is_digit);
}

// Writes the canonical text to `out`, which has room for kMaxText octets. Returns its end.
char* write_address(const IpAddress& address, char* out) {
  if (!address.is_v4()) {
    inet_ntop(AF_INET6, address.octets().data(), out, kMaxText);
    return out + std::strlen(out);
  }
  // inet_ntop goes through sprintf, which costs a record with two addresses about a microsecond.
  char* end = out;
  for (size_t i = 0; i < 4; ++i) {
    if (i > 0) *end++ = '.';
    end = std::to_chars(end, out + kMaxText, address.octets()[i]).ptr;
  }
  return end;
}

}  // namespace

IpAddress IpAddress::v4(std::array<std::uint8_t, 4> octets) {
  IpAddress address;
  std::copy(octets.begin(), octets.end(), address.octets_.begin());
  return address;
}

IpAddress IpAddress::v6(std::array<std::uint8_t, 16> octets) {
  IpAddress address;
  address.family_ = Family::kV6;
  address.octets_ = octets;
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.empty() || text.size() >= kMaxText) return std::nullopt;
  // inet_pton is strict about IPv4 (four decimal octets, no leading zeros) and knows no zones.
  std::array<char, kMaxText> copy{};
  std::copy(text.begin(), text.end(), copy.begin());
  if (std::memchr(copy.data(), '\0', text.size()) != nullptr) return std::nullopt;
  std::array<std::uint8_t, 4> four{};
  if (inet_pton(AF_INET, copy.data(), four.data()) == 1) return v4(four);
  std::array<std::uint8_t, 16> sixteen{};
  if (inet_pton(AF_INET6, copy.data(), sixteen.data()) == 1) return v6(sixteen);
  return std::nullopt;
}

std::string IpAddress::to_string() const {
  std::array<char, kMaxText> text;
  return {text.data(), write_address(*this, text.data())};
}

IpAddress IpAddress::unmapped() const {
  static constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0,    0,
                                                           0, 0, 0, 0, 0xff, 0xff};
  if (is_v4() || !std::equal(kMapped.begin(), kMapped.end(), octets_.begin())) return *this;
  return v4({octets_[12], octets_[13], octets_[14], octets_[15]});
}

Cidr::Cidr(IpAddress address, int prefix_bits) : prefix_bits_(prefix_bits) {
  assert(prefix_bits >= 0 && prefix_bits <= (address.is_v4() ? 32 : 128) && "prefix out of range");
  std::array<std::uint8_t, 16> octets = address.octets();
  for (int bit = prefix_bits; bit < 128; ++bit) {
    octets[static_cast<size_t>(bit / 8)] &= static_cast<std::uint8_t>(~(0x80 >> (bit % 8)));
  }
  address_ = address.is_v4() ? IpAddress::v4({octets[0], octets[1], octets[2], octets[3]})
                             : IpAddress::v6(octets);
}

std::optional<Cidr> Cidr::parse(std::string_view text, HostBits host_bits) {
  const size_t slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  const int width = address->is_v4() ? 32 : 128;
  if (slash == std::string_view::npos) return Cidr(*address, width);
  const std::string_view bits_text = text.substr(slash + 1);
  int bits = 0;
  if (!canonical_decimal(bits_text) || bits_text.size() > 3) return std::nullopt;
  std::from_chars(bits_text.data(), bits_text.data() + bits_text.size(), bits);
  if (bits > width) return std::nullopt;
  Cidr cidr(*address, bits);
  if (host_bits == HostBits::kRefuse && cidr.address_ != *address) return std::nullopt;
  return cidr;
}

bool Cidr::contains(const IpAddress& address) const {
  if (address.family() != address_.family()) return false;
  const int whole = prefix_bits_ / 8;
  const int rest = prefix_bits_ % 8;
  const auto& mine = address_.octets();
  const auto& theirs = address.octets();
  if (!std::equal(mine.begin(), mine.begin() + whole, theirs.begin())) return false;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
  const auto at = static_cast<size_t>(whole);
  return (mine[at] & mask) == (theirs[at] & mask);
}

std::string Cidr::to_string() const {
  return address_.to_string() + "/" + std::to_string(prefix_bits_);
}

std::optional<Endpoint> Endpoint::parse(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const auto address = IpAddress::parse(host);
  // Zero means "any free port" when listening, so it is an endpoint although no target.
  const std::string_view port_text = text.substr(colon + 1);
  const auto port =
      port_text == "0" ? std::optional<std::uint16_t>(std::uint16_t{0}) : parse_port(port_text);
  if (!address || !port || address->is_v4() == bracketed) return std::nullopt;
  return Endpoint{*address, *port};
}

std::string Endpoint::to_string() const {
  std::array<char, kMaxText + sizeof "[]:65535"> text;
  char* end = text.data();
  if (!address.is_v4()) *end++ = '[';
  end = write_address(address, end);
  if (!address.is_v4()) *end++ = ']';
  *end++ = ':';
  end = std::to_chars(end, text.data() + text.size(), port).ptr;
  return {text.data(), end};
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  if (!canonical_decimal(text) || text.size() > 5) return std::nullopt;
  unsigned value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  if (value < 1 || value > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(value);
}

}  // namespace base
