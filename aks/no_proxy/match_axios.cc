#include <algorithm>
#include <charconv>
#include <vector>

#include "aks/no_proxy/match.h"
#include "aks/no_proxy/shape.h"
#include "aks/no_proxy/text.h"
#include "aks/punycode.h"
#include "base/ascii.h"

namespace aks::no_proxy {
namespace {

// An entry taken apart. Its host is as the URL's is compared: no brackets, no final dots.
struct Entry {
  std::string host;
  unsigned port = 0;  // 0: any
};

std::string_view without_final_dots(std::string_view text) {
  while (text.ends_with('.')) text.remove_suffix(1);
  return text;
}

// Two to four numbers as an address; an octal one must be octal throughout.
std::string loose_v4(const std::string& text) {
  const auto parts = split(text, ".");
  if (parts.size() < 2 || parts.size() > 4) return text;
  std::uint32_t value = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    std::string_view part = parts[i];
    int base = 10;
    if (part.starts_with("0x")) {
      base = 16;
      part.remove_prefix(2);
    } else if (part.size() > 1 && part.front() == '0') {
      base = 8;
    }
    std::uint32_t number = 0;
    const auto [stop, error] =
        std::from_chars(part.data(), part.data() + part.size(), number, base);
    const size_t octets = i + 1 == parts.size() ? 4 - i : 1;
    if (part.empty() || error != std::errc() || stop != part.data() + part.size() ||
        number >> (8 * octets) != 0) {
      return text;
    }
    value |= i + 1 == parts.size() ? number : number << (8 * (3 - i));
  }
  const auto octet = [value](int shift) { return static_cast<std::uint8_t>(value >> shift); };
  return base::IpAddress::v4({octet(24), octet(16), octet(8), octet(0)}).to_string();
}

// An IPv4-mapped address is compared as the IPv4 address from 1.16 on; 1.21 reads every spelling.
std::string normalised(std::string_view host, AxiosVersion version) {
  if (host.size() > 1 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  std::string text(without_final_dots(host));
  if (version == AxiosVersion::k115) return text;
  if (const auto address = base::IpAddress::parse(text); address && !address->is_v4()) {
    if (address->unmapped().is_v4()) return address->unmapped().to_string();
    return version == AxiosVersion::k121 ? address->to_string() : text;
  }
  if (version != AxiosVersion::k121 || text.find(':') != std::string::npos) return text;
  const size_t start = std::min(text.find_first_not_of("*."), text.size());
  const std::string name = text.substr(start);
  const bool ascii = std::all_of(name.begin(), name.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii) return loose_v4(text);
  const std::string mapped = mapped_name(name);
  const std::string label = to_ascii_name(mapped).value_or("");
  return label.empty() ? "" : text.substr(0, start) + std::string(without_final_dots(label));
}

Entry take_apart(std::string_view text, AxiosVersion version) {
  Entry entry;
  const size_t close = text.starts_with('[') ? text.find(']') : std::string_view::npos;
  if (close != std::string_view::npos) {
    const std::string_view rest = text.substr(close + 1);
    if (rest.starts_with(':') && is_number(rest.substr(1))) entry.port = number_of(rest.substr(1));
    text = text.substr(1, close - 1);
  } else if (const size_t colon = text.find(':'); colon != std::string_view::npos &&
                                                  colon == text.rfind(':') &&
                                                  is_number(text.substr(colon + 1))) {
    entry.port = number_of(text.substr(colon + 1));
    text = text.substr(0, colon);
  }
  entry.host = normalised(text, version);
  return entry;
}

// From 1.16 on all names of the machine itself are one; 1.21 counts the unspecified addresses.
bool is_loopback(std::string_view host, AxiosVersion version) {
  if (host == "localhost") return true;
  const auto address = base::IpAddress::parse(host);
  if (!address) return false;
  const base::IpAddress plain = address->unmapped();
  if (plain.is_v4() && plain.octets()[0] == 127) return true;
  if (host == "::1" || *address == base::IpAddress::parse("::1").value()) return true;
  const bool unspecified = host == "0.0.0.0" || *address == base::IpAddress::parse("::").value();
  return version == AxiosVersion::k121 && unspecified;
}

// A prefix as 1.21 reads it: host bits are accepted, leading zeros of the length are not. What has
// a slash and is no prefix matches nothing.
Rule match_prefix(std::string_view entry, const std::optional<base::IpAddress>& address) {
  const size_t slash = entry.rfind('/');
  const std::string_view digits = entry.substr(slash + 1);
  std::string_view text = entry.substr(0, slash);
  if (!is_number(digits) || (digits.size() > 1 && digits.front() == '0') || digits.size() > 3) {
    return Rule::kNoEntry;
  }
  const bool brackets = text.starts_with('[') && text.ends_with(']');
  if (brackets) text = text.substr(1, text.size() - 2);
  const bool v6 = text.find(':') != std::string_view::npos;
  if (brackets && !v6) return Rule::kNoEntry;
  const auto base = base::IpAddress::parse(v6 ? std::string(text) : loose_v4(std::string(text)));
  if (!base || !address) return Rule::kNoEntry;
  auto bits = static_cast<int>(number_of(digits));
  const base::IpAddress network = base->unmapped();
  if (v6 && network.is_v4()) bits -= 96;
  if (bits < 0 || bits > (network.is_v4() ? 32 : 128) || network.is_v4() != address->is_v4()) {
    return Rule::kNoEntry;
  }
  return base::Cidr(network, bits).contains(*address) ? Rule::kPrefix : Rule::kNoEntry;
}

Rule match_entry(std::string_view raw, const std::string& host, const Destination& to,
                 AxiosVersion version) {
  if (version == AxiosVersion::k121) {
    if (raw == "*") return Rule::kAll;
    if (raw.find('/') != std::string_view::npos) {
      return match_prefix(raw, base::IpAddress::parse(host));
    }
  }
  const Entry entry = take_apart(raw, version);
  if (entry.host.empty() || (entry.port != 0 && entry.port != to.port())) return Rule::kNoEntry;
  std::string_view name = entry.host;
  if (name.starts_with('*')) name.remove_prefix(1);
  if (name.starts_with('.')) return host.ends_with(name) ? below_rule(to) : Rule::kNoEntry;
  if (host == name) return itself_rule(to);
  const bool same =
      version != AxiosVersion::k115 && is_loopback(host, version) && is_loopback(name, version);
  return same ? itself_rule(to) : Rule::kNoEntry;
}

}  // namespace

Match match_axios(std::string_view list, const Destination& to, AxiosVersion version) {
  Match first = match_shape(list, to, shape_of(Client::kProxyFromEnv));
  if (first.rule != Rule::kNoEntry) return first;
  const std::string host = normalised(to.canonical(), version);
  for (const std::string_view entry : split(list, ", \t\n\v\f\r")) {
    if (entry.empty()) continue;
    const Rule rule = match_entry(lower_name(entry), host, to, version);
    if (rule != Rule::kNoEntry) return {rule, std::string(entry)};
  }
  return {};
}

}  // namespace aks::no_proxy
