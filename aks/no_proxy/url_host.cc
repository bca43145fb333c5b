#include "aks/no_proxy/url_host.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <vector>

#include "aks/no_proxy/text.h"
#include "aks/punycode.h"
#include "base/ascii.h"

namespace aks::no_proxy {
namespace {

// How a client's URL parser treats hosts.
enum class Parser {
  kNone,    // as written
  kWhatwg,  // the URL standard: Node and what runs on it
  kCurl,    // libcurl
  kGo,      // names become A-labels
  kUrllib,  // percent-encoding is undone
};

Parser parser_of(Client client) {
  switch (client) {
    case Client::kCurl788:
    case Client::kCurl89:
    case Client::kCurl818:
    case Client::kGit: return Parser::kCurl;
    case Client::kGo:
    case Client::kGo119: return Parser::kGo;
    case Client::kUrllib: return Parser::kUrllib;
    case Client::kNodeCore2413:
    case Client::kNodeCore:
    case Client::kUndici720:
    case Client::kUndici7:
    case Client::kUndici810:
    case Client::kUndici8101:
    case Client::kUndici812:
    case Client::kProxyFromEnv:
    case Client::kAxios115:
    case Client::kAxios116:
    case Client::kAxios121: return Parser::kWhatwg;
    case Client::kWget:
    case Client::kRequests228:
    case Client::kRequests:
    case Client::kHttpx:
    case Client::kRuby:
    case Client::kRubyUri:
    case Client::kReqwest:
    case Client::kJava:
    case Client::kDotnet: break;
  }
  return Parser::kNone;
}

int hex_value(char c) {
  if (base::is_digit(c)) return c - '0';
  const char lower = base::to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                        hex_value(text[i + 2]) >= 0;
    out +=
        escape ? static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return out;
}

// A number as both parsers read one: 0x for hexadecimal, 0 for octal. nullopt when it is none, or
// larger than 32 bits.
std::optional<std::uint32_t> ipv4_number(std::string_view part) {
  int base = 10;
  if (part.starts_with("0x") || part.starts_with("0X")) {
    base = 16;
    part.remove_prefix(2);
  } else if (part.size() > 1 && part.front() == '0') {
    base = 8;
    part.remove_prefix(1);
  }
  if (part.empty()) return base == 16 ? std::optional<std::uint32_t>(0) : std::nullopt;
  std::uint32_t value = 0;
  const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), value, base);
  if (error != std::errc() || stop != part.data() + part.size()) return std::nullopt;
  return value;
}

// An IPv4 address of one to four numbers, the last of which fills what is left (the URL standard's
// IPv4 parser; libcurl's ipv4_normalize). nullopt when the host is a name.
std::optional<base::IpAddress> loose_v4(std::string_view host) {
  const auto parts = split(host, ".");
  if (parts.empty() || parts.size() > 4) return std::nullopt;
  std::uint32_t value = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto number = ipv4_number(parts[i]);
    if (!number) return std::nullopt;
    const bool last = i + 1 == parts.size();
    const size_t octets = last ? 4 - i : 1;
    if (octets < 4 && *number >> (8 * octets) != 0) return std::nullopt;
    value = last ? value | *number : value | *number << (8 * (3 - i));
  }
  const auto octet = [value](int shift) { return static_cast<std::uint8_t>(value >> shift); };
  return base::IpAddress::v4({octet(24), octet(16), octet(8), octet(0)});
}

void set_name(Destination& to, std::string name) {
  to.host = std::move(name);
  to.address = base::IpAddress::parse(to.host);
}

std::string ascii_of(std::string_view name) {
  const std::string mapped = mapped_name(name);
  return to_ascii_name(mapped).value_or(mapped);
}

void parse_as_whatwg(Destination& to) {
  std::string name = ascii_of(percent_decoded(to.host));
  std::string_view numbers = name;
  if (numbers.size() > 1 && numbers.ends_with('.')) numbers.remove_suffix(1);
  if (const auto address = loose_v4(numbers)) name = address->to_string();
  set_name(to, std::move(name));
}

void parse_as_curl(Destination& to) {
  const std::string decoded = percent_decoded(to.host);
  if (const auto address = loose_v4(decoded)) return set_name(to, address->to_string());
  set_name(to, ascii_of(decoded));
}

// libcurl writes a literal anew where that makes it shorter.
void shorten_v6(Destination& to) {
  const size_t zone = to.host.find('%');
  const std::string written = to.host.substr(0, zone), canonical = to.address->to_string();
  if (canonical.size() < written.size()) {
    to.host = canonical + (zone == std::string::npos ? "" : to.host.substr(zone));
  }
}

}  // namespace

Destination as_parsed_by(Client client, const Destination& to) {
  Destination parsed = to;
  const Parser parser = parser_of(client);
  const bool v6 = to.host.find(':') != std::string::npos;
  if (v6) {
    if (parser == Parser::kCurl && to.address) shorten_v6(parsed);
    return parsed;
  }
  switch (parser) {
    case Parser::kNone: break;
    case Parser::kWhatwg: parse_as_whatwg(parsed); break;
    case Parser::kCurl: parse_as_curl(parsed); break;
    // Go's IDNA leaves ASCII alone, capitals too.
    case Parser::kGo:
      if (to_ascii_name(to.host) != to.host) parsed.host = ascii_of(to.host);
      break;
    case Parser::kUrllib:
      parsed.host = percent_decoded(to.host);
      parsed.authority = percent_decoded(to.authority);
      break;
  }
  return parsed;
}

}  // namespace aks::no_proxy
