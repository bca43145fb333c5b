#include <algorithm>
#include <charconv>
#include <optional>

#include "aks/no_proxy/match.h"
#include "aks/no_proxy/text.h"
#include "aks/punycode.h"
#include "base/ascii.h"

namespace aks::no_proxy {
namespace {

struct Asked {
  std::string host;                        // as SplitHostPort gives it, A-labels
  std::string lower;                       // trimmed, lower case
  std::optional<base::IpAddress> address;  // IPv4-mapped ones as IPv4
  std::string port;
};

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
  const auto* end = digits.data() + digits.size();
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

Rule match_name(std::string pattern, const std::string& host) {
  if (pattern.starts_with("*.")) pattern.erase(0, 1);
  const bool covers_itself = pattern.front() != '.';
  if (covers_itself) pattern.insert(0, 1, '.');
  pattern = to_ascii_name(mapped_name(pattern)).value_or(pattern);
  if (covers_itself && host == pattern.substr(1)) return Rule::kName;
  return host.ends_with(pattern) ? Rule::kBelow : Rule::kNoEntry;
}

Rule match_entry(std::string_view raw, const Asked& to, GoVersion version) {
  const std::string entry = base::lower(raw);
  if (entry == "*") return Rule::kAll;
  if (const auto prefix = parse_prefix(entry)) {
    return to.address && prefix->contains(*to.address) ? Rule::kPrefix : Rule::kNoEntry;
  }
  const auto split = split_host_port(entry);
  const std::string host(split ? split->host : std::string_view(entry));
  if (host.empty()) return Rule::kNoEntry;
  if (split && !split->port.empty() && split->port != to.port) return Rule::kNoEntry;
  if (const auto address = base::IpAddress::parse(host)) {
    return to.address && address->unmapped() == *to.address ? Rule::kAddress : Rule::kNoEntry;
  }
  // Until the fix for names in zones (CVE-2025-22870) addresses were compared as text as well.
  if (to.address && version == GoVersion::kCurrent) return Rule::kNoEntry;
  const Rule rule = match_name(host, to.lower);
  return to.address && rule != Rule::kNoEntry ? Rule::kAddressSuffix : rule;
}

// A zone is written "%25" in URLs (RFC 6874).
std::string unescaped_zone(std::string host) {
  const size_t zone = host.find("%25");
  if (host.find(':') < zone && zone != std::string::npos) host.erase(zone + 1, 2);
  return host;
}

Asked ask(const Destination& destination, GoVersion version) {
  Asked to;
  const std::string host = unescaped_zone(destination.host);
  to.host = to_ascii_name(host).value_or(host);
  to.lower = base::lower(trim(to.host));
  to.address = destination.address;
  // net.ParseIP knew no zones.
  if (version == GoVersion::k119 && host.find('%') != std::string::npos) to.address.reset();
  if (to.address) to.address = to.address->unmapped();
  // The port is compared as text: 080 is not 80.
  const std::string_view authority = destination.authority;
  const size_t colon = authority.rfind(':');
  to.port = destination.spelled_port ? std::string(authority.substr(colon + 1))
                                     : std::to_string(destination.port());
  return to;
}

}  // namespace

Match match_go(std::string_view list, const Destination& destination, GoVersion version) {
  const Asked to = ask(destination, version);
  if (to.host == "localhost" || (to.address && is_loopback(*to.address))) {
    return {Rule::kLoopback, ""};
  }
  Match match;
  for (const std::string_view element : split(list, ",")) {
    const std::string_view entry = trim(element);
    if (entry.empty()) continue;
    const Rule rule = match_entry(entry, to, version);
    if (rule != Rule::kNoEntry) return {rule, std::string(entry)};
  }
  return match;
}

}  // namespace aks::no_proxy
