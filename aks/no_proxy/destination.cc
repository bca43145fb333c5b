#include "aks/no_proxy/destination.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "aks/finding.h"
#include "aks/punycode.h"
#include "base/ascii.h"

namespace aks::no_proxy {
namespace {

struct DefaultPort {
  std::string_view scheme;
  std::uint16_t port;
};
constexpr std::array<DefaultPort, 6> kDefaultPorts = {
    {{"http", 80}, {"https", 443}, {"ws", 80}, {"wss", 443}, {"ftp", 21}, {"gopher", 70}}};

bool is_scheme(std::string_view text) {
  return !text.empty() && base::is_alpha(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return base::is_alpha(c) || base::is_digit(c) || c == '+' || c == '-' || c == '.';
         });
}

// The number of a port, 0 and leading zeros included; nullopt for everything else.
std::optional<std::uint16_t> port_number(std::string_view digits) {
  std::uint16_t port = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, port);
  if (digits.empty() || error != std::errc() || stop != end) return std::nullopt;
  return port;
}

base::Failure no_url(std::string_view text, const char* what) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                    cite(text) + " has no " + what + "; expected one such as https://example.com/");
}

// Brackets and the port that stand around the host.
void split_authority(std::string_view rest, Destination& out) {
  const size_t colon = rest.rfind(':');
  const bool inside =
      colon != std::string_view::npos && rest.find(']', colon) != std::string_view::npos;
  if (colon != std::string_view::npos && !inside) {
    const auto port = port_number(rest.substr(colon + 1));
    if (port || colon + 1 == rest.size()) {
      out.spelled_port = port;
      rest = rest.substr(0, colon);
    }
  }
  if (rest.size() > 2 && rest.front() == '[' && rest.back() == ']') {
    rest = rest.substr(1, rest.size() - 2);
  }
  out.host = rest;
  // A zone belongs to IPv6 alone (RFC 4007 §11).
  const size_t zone = rest.find('%');
  out.address = base::IpAddress::parse(rest.substr(0, zone));
  if (out.address && out.address->is_v4() && zone != std::string_view::npos) out.address.reset();
}

bool is_v6(const Destination& to) { return to.address && !to.address->is_v4(); }

}  // namespace

std::uint16_t Destination::port() const {
  if (spelled_port.value_or(0) != 0) return *spelled_port;
  const auto* found =
      std::find_if(kDefaultPorts.begin(), kDefaultPorts.end(),
                   [this](const DefaultPort& each) { return each.scheme == scheme; });
  return found == kDefaultPorts.end() ? std::uint16_t{0} : found->port;
}

std::string Destination::bracketed() const {
  const std::string lower = base::lower(host);
  return is_v6(*this) ? "[" + lower + "]" : lower;
}

std::string Destination::canonical() const {
  if (!address) return base::lower(to_ascii_name(host).value_or(host));
  const base::IpAddress unmapped = address->unmapped();
  if (address->is_v4() || !unmapped.is_v4()) return address->to_string();
  // The standard knows no dotted quads inside IPv6.
  const auto& octets = unmapped.octets();
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "::ffff:%x:%x", octets[0] << 8 | octets[1],
                octets[2] << 8 | octets[3]);
  return text.data();
}

std::string Destination::canonical_bracketed() const {
  return is_v6(*this) ? "[" + canonical() + "]" : canonical();
}

base::Result<Destination> parse_destination(std::string_view url) {
  constexpr std::string_view kMark = "://";
  const size_t mark = url.find(kMark);
  if (mark == std::string_view::npos || !is_scheme(url.substr(0, mark))) {
    return no_url(url, "scheme");
  }
  Destination out;
  out.scheme = base::lower(url.substr(0, mark));
  const std::string_view rest = url.substr(mark + kMark.size());
  out.authority = rest.substr(0, rest.find_first_of("/?#"));
  const size_t at = out.authority.rfind('@');
  const std::string_view authority = out.authority;
  split_authority(at == std::string::npos ? authority : authority.substr(at + 1), out);
  if (out.host.empty()) return no_url(url, "host");
  return out;
}

Destination make_destination(std::string_view scheme, std::string_view host, std::uint16_t port) {
  Destination out;
  out.scheme = scheme;
  const bool v6 = host.find(':') != std::string_view::npos;
  out.authority = v6 ? "[" + std::string(host) + "]" : std::string(host);
  split_authority(out.authority, out);
  const std::uint16_t usual = out.port();
  if (port != 0 && port != usual) {
    out.spelled_port = port;
    out.authority += ":" + std::to_string(port);
  }
  return out;
}

}  // namespace aks::no_proxy
