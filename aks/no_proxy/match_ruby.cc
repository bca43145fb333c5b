#include <algorithm>
#include <charconv>

#include "aks/no_proxy/match.h"
#include "aks/no_proxy/text.h"
#include "base/ascii.h"

namespace aks::no_proxy {
namespace {

// One piece of the list: text without colons, commas and white space, and the number that follows
// it behind a colon. So an IPv6 address falls apart.
struct Piece {
  std::string_view host;
  std::string_view port;
};

std::vector<Piece> pieces_of(std::string_view list) {
  constexpr std::string_view kEnds = ":, \t\n\v\f\r";
  std::vector<Piece> pieces;
  for (size_t at = 0; (at = list.find_first_not_of(kEnds, at)) != std::string_view::npos;) {
    const size_t end = std::min(list.find_first_of(kEnds, at), list.size());
    Piece piece{list.substr(at, end - at), {}};
    at = end;
    if (end < list.size() && list[end] == ':') {
      const size_t stop = std::min(list.find_first_not_of("0123456789", end + 1), list.size());
      piece.port = list.substr(end + 1, stop - end - 1);
      if (!piece.port.empty()) at = stop;
    }
    pieces.push_back(piece);
  }
  return pieces;
}

// What the piece looks like in the list.
std::string spelled(const Piece& piece) {
  return std::string(piece.host) + (piece.port.empty() ? "" : ":" + std::string(piece.port));
}

bool port_fits(const Piece& piece, std::uint16_t port) {
  if (piece.port.empty()) return true;
  unsigned number = 0;
  const auto end = piece.port.data() + piece.port.size();
  return std::from_chars(piece.port.data(), end, number).ec == std::errc() && number == port;
}

// The mask of "10.0.0.0/255.0.0.0", as a length. nullopt for masks with holes.
std::optional<int> length_of_mask(std::string_view text) {
  const auto mask = base::IpAddress::parse(text);
  if (!mask || !mask->is_v4()) return std::nullopt;
  for (int bits = 0; bits <= 32; ++bits) {
    const auto all = base::IpAddress::v4({255, 255, 255, 255});
    if (base::Cidr(all, bits).address() == *mask) return bits;
  }
  return std::nullopt;
}

// IPAddr.new: an address or a prefix of IPv4, host bits allowed.
std::optional<base::Cidr> parse_prefix(std::string_view text) {
  const size_t slash = text.find('/');
  const auto address = base::IpAddress::parse(text.substr(0, slash));
  if (!address || !address->is_v4()) return std::nullopt;
  if (slash == std::string_view::npos) return base::Cidr(*address, 32);
  if (const auto bits = length_of_mask(text.substr(slash + 1))) return base::Cidr(*address, *bits);
  return base::Cidr::parse(text, base::Cidr::HostBits::kClear);
}

std::optional<base::IpAddress> resolve(const Destination& to,
                                       const std::vector<base::IpAddress>& resolved) {
  if (to.address) return to.address;
  if (!resolved.empty()) return resolved.front();
  // RFC 6761 §6.3.
  if (base::iequals(to.host, "localhost")) return base::IpAddress::v4({127, 0, 0, 1});
  return std::nullopt;
}

Rule match_piece(const Piece& piece, const std::string& host, const Destination& to,
                 const std::optional<base::IpAddress>& address) {
  const std::string name = base::lower(piece.host);
  if (name.starts_with('.')) {
    if (host.ends_with(name)) return below_rule(to);
  } else {
    if (host == name) return itself_rule(to);
    if (is_below(host, name)) return below_rule(to);
  }
  const auto prefix = parse_prefix(piece.host);
  if (!address || !prefix || !prefix->contains(*address)) return Rule::kNoEntry;
  const bool whole = prefix->prefix_bits() == 32;
  if (to.address) return whole ? Rule::kAddress : Rule::kPrefix;
  return whole ? Rule::kResolvedAddress : Rule::kResolvedPrefix;
}

}  // namespace

bool is_loopback_to_ruby(const Destination& to, const std::vector<base::IpAddress>& resolved) {
  const auto address = resolve(to, resolved);
  if (!address) return false;
  // The text is looked at: "127.…" or something that starts with "::1".
  const std::string text = address->to_string();
  return text.starts_with("127.") || text == "::1";
}

Match match_ruby(std::string_view list, const Destination& to,
                 const std::vector<base::IpAddress>& resolved) {
  const std::string host = base::lower(to.host);
  const auto address = resolve(to, resolved);
  for (const Piece& piece : pieces_of(list)) {
    if (!port_fits(piece, to.port())) continue;
    const Rule rule = match_piece(piece, host, to, address);
    if (rule != Rule::kNoEntry) return {rule, spelled(piece)};
  }
  return {};
}

}  // namespace aks::no_proxy
