#include <algorithm>
#include <array>
#include <charconv>

#include "aks/no_proxy/match.h"
#include "aks/no_proxy/text.h"
#include "aks/punycode.h"
#include "base/ascii.h"

namespace aks::no_proxy {
namespace {

// "host" of "host:80" and "host:". What follows the last colon is a port only if it is digits.
std::string_view without_port(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return text;
  const std::string_view port = text.substr(colon + 1);
  return std::all_of(port.begin(), port.end(), base::is_digit) ? text.substr(0, colon) : text;
}

// An address as inet_aton(3) reads it, which takes octal, hexadecimal and fewer than four parts,
// and does not look at what stands behind white space.
std::optional<base::IpAddress> parse_inet_aton(std::string_view text) {
  text = text.substr(0, text.find_first_of(kSpace));
  const auto parts = split(text, ".");
  if (parts.size() > 4) return std::nullopt;
  std::uint32_t value = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    std::string_view part = parts[i];
    int base = 10;
    if (part.size() > 1 && part.front() == '0') base = 8;
    if (part.size() > 2 && base == 8 && base::to_lower(part[1]) == 'x') base = 16;
    if (base == 16) part.remove_prefix(2);
    std::uint32_t number = 0;
    const auto [stop, error] =
        std::from_chars(part.data(), part.data() + part.size(), number, base);
    if (error != std::errc() || stop != part.data() + part.size()) return std::nullopt;
    const size_t octets = i + 1 == parts.size() ? 4 - i : 1;
    if (octets < 4 && number >> (8 * octets) != 0) return std::nullopt;
    value = octets == 4 ? number : (value << (8 * octets)) | number;
  }
  const auto octet = [value](int shift) { return static_cast<std::uint8_t>(value >> shift); };
  return base::IpAddress::v4({octet(24), octet(16), octet(8), octet(0)});
}

// A prefix of IPv4 as requests reads it: lengths from 1 to 32.
std::optional<base::Cidr> parse_prefix(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos || text.find('/', slash + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view digits = trim(text.substr(slash + 1));
  int bits = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  const auto address = parse_inet_aton(text.substr(0, slash));
  if (!address || error != std::errc() || stop != digits.data() + digits.size()) {
    return std::nullopt;
  }
  if (bits < 1 || bits > 32) return std::nullopt;
  return base::Cidr(*address, bits);
}

Rule match_v4(const std::string& entry, std::string_view host, const base::IpAddress& address) {
  const auto prefix = parse_prefix(entry);
  if (!prefix) return host == entry ? Rule::kAddress : Rule::kNoEntry;
  return prefix->contains(address) ? Rule::kPrefix : Rule::kNoEntry;
}

// Case counts here, unlike in urllib's pass that follows.
Rule match_name(std::string_view entry, const std::array<std::string, 2>& spellings,
                const Destination& to, RequestsVersion version) {
  const std::string_view name = trim_front(entry, ".");
  for (const std::string& host : spellings) {
    if (version == RequestsVersion::k228) {
      if (!host.ends_with(entry)) continue;
      if (host == entry) return itself_rule(to);
      return entry.starts_with('.') || is_below(host, entry) ? below_rule(to) : Rule::kSuffix;
    }
    if (host == name) return name.size() < entry.size() ? Rule::kApex : itself_rule(to);
    if (is_below(host, name)) return below_rule(to);
  }
  return Rule::kNoEntry;
}

}  // namespace

Match match_urllib(std::string_view list, std::string_view asked, const Destination& to) {
  if (list == "*") return {Rule::kAll, "*"};
  const std::string full = lower_name(asked);
  const std::string_view host = without_port(full);
  for (const std::string_view element : split(list, ",")) {
    const std::string_view entry = trim(element);
    if (entry.empty()) continue;
    const std::string name = lower_name(trim_front(entry, "."));
    const bool dotted = name.size() < entry.size();
    if (host == name || full == name) {
      return {dotted ? Rule::kApex : itself_rule(to), std::string(entry)};
    }
    if (is_below(host, name) || is_below(full, name)) return {below_rule(to), std::string(entry)};
  }
  return {};
}

Match match_requests(std::string_view list, std::string_view urllib_list, const Destination& to,
                     RequestsVersion version) {
  std::string spaceless(list);
  spaceless.erase(std::remove(spaceless.begin(), spaceless.end(), ' '), spaceless.end());
  const std::string host = lower_name(to.host);
  std::array<std::string, 2> spellings = {host, host};
  if (to.spelled_port.value_or(0) != 0) spellings[1] += ":" + std::to_string(*to.spelled_port);
  const auto v4 = parse_inet_aton(host);
  for (const std::string_view entry : split(spaceless, ",")) {
    if (entry.empty()) continue;
    const Rule rule =
        v4 ? match_v4(std::string(entry), host, *v4) : match_name(entry, spellings, to, version);
    if (rule != Rule::kNoEntry) return {rule, std::string(entry)};
  }
  return match_urllib(urllib_list, to.host, to);
}

}  // namespace aks::no_proxy
