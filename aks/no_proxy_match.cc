#include "aks/no_proxy_match.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "aks/punycode.h"
#include "base/ascii.h"
#include "base/ip.h"

namespace aks {
namespace {

struct Destination {
  std::string host;  // lower case
  std::optional<base::IpAddress> address;
  std::string port;
};

std::string_view trim_space(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\v\f\r";
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Splits "host:port" as Go's net.SplitHostPort does: the port may be empty or a word, brackets must
// enclose the whole host, and a host with a colon needs them. nullopt stands for its errors.
struct HostPort {
  std::string_view host;
  std::string_view port;
};
std::optional<HostPort> split_host_port(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (!text.empty() && text.front() == '[') {
    if (text.find(']') + 1 != colon) return std::nullopt;
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  constexpr std::string_view kBrackets = "[]";
  if (host.find_first_of(kBrackets) != std::string_view::npos ||
      port.find_first_of(kBrackets) != std::string_view::npos) {
    return std::nullopt;
  }
  return HostPort{host, port};
}

// A prefix as net.ParseCIDR reads it: host bits and leading zeros of the length are accepted. A
// prefix within ::ffff:0:0/96 is one of IPv4.
std::optional<base::Cidr> parse_prefix(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto address = base::IpAddress::parse(text.substr(0, slash));
  const std::string_view digits = text.substr(slash + 1);
  int bits = 0;
  const auto end = digits.data() + digits.size();
  if (!address || digits.empty() || !std::all_of(digits.begin(), digits.end(), base::is_digit) ||
      std::from_chars(digits.data(), end, bits).ec != std::errc() ||
      bits > (address->is_v4() ? 32 : 128)) {
    return std::nullopt;
  }
  const base::IpAddress unmapped = address->unmapped();
  if (!address->is_v4() && unmapped.is_v4() && bits >= 96) return base::Cidr(unmapped, bits - 96);
  return base::Cidr(*address, bits);
}

bool is_loopback(const base::IpAddress& address) {
  if (address.is_v4()) return address.octets()[0] == 127;
  return address == base::IpAddress::parse("::1");
}

bool name_matches(std::string pattern, const std::string& host) {
  if (pattern.starts_with("*.")) pattern.erase(0, 1);
  const bool covers_itself = pattern.front() != '.';
  if (covers_itself) pattern.insert(0, 1, '.');
  pattern = to_ascii_name(pattern).value_or(pattern);
  return host.ends_with(pattern) || (covers_itself && host == pattern.substr(1));
}

bool entry_matches(std::string_view raw, const Destination& to) {
  const std::string entry = base::lower(raw);
  if (entry == "*") return true;
  if (const auto prefix = parse_prefix(entry)) return to.address && prefix->contains(*to.address);
  const auto split = split_host_port(entry);
  const std::string host(split ? split->host : std::string_view(entry));
  if (host.empty()) return false;
  const bool port_matches = !split || split->port.empty() || split->port == to.port;
  if (const auto address = base::IpAddress::parse(host)) {
    return port_matches && to.address && address->unmapped() == *to.address;
  }
  return port_matches && !to.address && name_matches(host, to.host);
}

}  // namespace

Match match_go(std::string_view list, UrlScheme scheme, std::string_view host, std::uint16_t port) {
  Destination to;
  const std::string ascii = to_ascii_name(host).value_or(std::string(host));
  to.address = base::IpAddress::parse(host.substr(0, host.find('%')));
  // A zone belongs to IPv6 alone (RFC 4007 §11).
  if (to.address && to.address->is_v4() && host.find('%') != std::string_view::npos) {
    to.address.reset();
  }
  if (to.address) to.address = to.address->unmapped();
  if (ascii == "localhost" || (to.address && is_loopback(*to.address))) {
    return {Route::kDirect, Decider::kLoopback, ""};
  }
  to.host = base::lower(trim_space(ascii));
  const std::uint16_t default_port = scheme == UrlScheme::kHttps ? 443 : 80;
  to.port = std::to_string(port == 0 ? default_port : port);

  Match match;
  base::for_each_element(list, [&](std::string_view element) {
    element = trim_space(element);
    if (match.route == Route::kDirect || element.empty() || !entry_matches(element, to)) return;
    match = {Route::kDirect, Decider::kEntry, std::string(element)};
  });
  return match;
}

}  // namespace aks
