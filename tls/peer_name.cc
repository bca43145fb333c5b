#include "tls/peer_name.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/escape.h"

namespace tls {
namespace {

// RFC 1035 §2.3.4
constexpr size_t kMaxName = 253;
constexpr size_t kMaxLabel = 63;

// Underscores are no part of host names but are in use, and certificates exist for them.
bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kMaxLabel) return false;
  if (label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) {
    return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '_';
  });
}

// A name whose last label is a number is an IPv4 address in disguise to many resolvers.
bool is_number(std::string_view label) {
  if (label.size() > 1 && label[0] == '0' && base::to_lower(label[1]) == 'x') {
    return std::all_of(label.begin() + 2, label.end(), base::is_hex);
  }
  return std::all_of(label.begin(), label.end(), base::is_digit);
}

bool is_name(std::string_view name) {
  if (name.size() > kMaxName) return false;
  for (;;) {
    const size_t dot = name.find('.');
    const std::string_view label = name.substr(0, dot);
    if (!is_label(label)) return false;
    if (dot == std::string_view::npos) return !is_number(label);
    name.remove_prefix(dot + 1);
  }
}

}  // namespace

base::Result<PeerName> PeerName::parse(std::string_view host) {
  std::string_view bare = host;
  if (bare.size() > 2 && bare.front() == '[' && bare.back() == ']') {
    bare = bare.substr(1, bare.size() - 2);
    const auto address = base::IpAddress::parse(bare);
    if (address && !address->is_v4()) return PeerName{{}, address};
  } else if (const auto address = base::IpAddress::parse(bare)) {
    return PeerName{{}, address};
  } else {
    if (bare.ends_with('.')) bare.remove_suffix(1);
    if (is_name(bare)) return PeerName{base::lower(bare), {}};
  }
  return base::fail(
      base::ErrorCode::kBadRequest, base::Party::kClient,
      "\"" + base::printable(host, base::Spaces::kKeep, 100) +
          "\" is neither a DNS name (letters, digits, hyphens; xn-- for others) nor an "
          "IP address, so no certificate can be checked for it");
}

}  // namespace tls
