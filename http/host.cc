#include "http/host.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"

namespace http {
namespace {

constexpr size_t kMaxName = 253;  // RFC 1035 §2.3.4, without the root's dot
constexpr size_t kMaxLabel = 63;

base::Failure refuse(std::string detail) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient, std::move(detail));
}

bool is_name_octet(char c) {
  return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '_' || c == '.';
}

// Whether the last label reads as a number, as inet_aton and the URL standard understand it.
bool ends_in_number(std::string_view name) {
  const size_t dot = name.rfind('.');
  std::string_view label = dot == std::string_view::npos ? name : name.substr(dot + 1);
  if (label.size() >= 2 && label[0] == '0' && base::to_lower(label[1]) == 'x') {
    label.remove_prefix(2);
    return std::all_of(label.begin(), label.end(), base::is_hex);
  }
  return std::all_of(label.begin(), label.end(), base::is_digit);
}

bool labels_fit(std::string_view name) {
  for (size_t start = 0;;) {
    const size_t dot = std::min(name.find('.', start), name.size());
    if (dot == start || dot - start > kMaxLabel) return false;
    if (dot == name.size()) return true;
    start = dot + 1;
  }
}

base::Result<Host> parse_bracketed(std::string_view text) {
  const bool closed = text.size() > 2 && text.back() == ']';
  const auto address =
      closed ? base::IpAddress::parse(text.substr(1, text.size() - 2)) : std::nullopt;
  if (!address || address->is_v4()) {
    return refuse(
        "brackets of a host hold something else than an IPv6 address without zone "
        "(RFC 3986 §3.2.2); write [2001:db8::1]");
  }
  return Host{address->to_string(), address};
}

}  // namespace

base::Result<Host> parse_host(std::string_view text) {
  if (text.starts_with('[')) return parse_bracketed(text);
  std::string_view name = text;
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.empty()) {
    return refuse("the host is empty (RFC 9110 §4.2.1); name the host to reach");
  }
  if (!std::all_of(name.begin(), name.end(), is_name_octet)) {
    return refuse(
        "the host has an octet that is neither letter, digit, '-', '_' nor '.'; write "
        "international names in their ASCII form, and IPv6 addresses in brackets");
  }
  if (name.size() > kMaxName || !labels_fit(name)) {
    return refuse(
        "the host is no DNS name: labels have 1 to 63 octets, and all together at most "
        "253 (RFC 1035 §2.3.4)");
  }
  if (!ends_in_number(name)) return Host{base::lower(name), std::nullopt};
  const auto address = base::IpAddress::parse(text);
  if (!address) {
    return refuse(
        "the host ends in a number but is no canonical IPv4 address; write four decimal "
        "numbers, as in 192.0.2.1");
  }
  return Host{address->to_string(), address};
}

}  // namespace http
