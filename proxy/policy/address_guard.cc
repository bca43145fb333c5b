#include "proxy/policy/address_guard.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "base/ascii.h"
#include "proxy/policy/embedded_v4.h"

namespace proxy::policy {
namespace {

struct Row {
  std::string_view prefix;
  Guard guard;
  std::string_view range;
};

// The special-purpose registries of IANA (RFC 6890 and its updates) without what is globally
// reachable. The first row that contains an address judges it, so exceptions stand before their
// range.
constexpr Row kRows[] = {
    {"169.254.169.254", Guard::kHard, "Azure IMDS"},
    {"168.63.129.16", Guard::kHard, "Azure wireserver"},
    {"255.255.255.255", Guard::kNever, "broadcast (255.255.255.255)"},
    {"0.0.0.0/8", Guard::kNever, "unspecified (0.0.0.0/8)"},
    {"224.0.0.0/4", Guard::kNever, "multicast (224.0.0.0/4)"},
    {"127.0.0.0/8", Guard::kClosed, "loopback (127.0.0.0/8)"},
    {"10.0.0.0/8", Guard::kClosed, "private (10.0.0.0/8)"},
    {"172.16.0.0/12", Guard::kClosed, "private (172.16.0.0/12)"},
    {"192.168.0.0/16", Guard::kClosed, "private (192.168.0.0/16)"},
    {"169.254.0.0/16", Guard::kClosed, "link-local (169.254.0.0/16)"},
    {"100.64.0.0/10", Guard::kClosed, "shared (100.64.0.0/10)"},
    {"192.0.0.0/24", Guard::kClosed, "protocol-assigned (192.0.0.0/24)"},
    {"192.0.2.0/24", Guard::kClosed, "documentation (192.0.2.0/24)"},
    {"198.51.100.0/24", Guard::kClosed, "documentation (198.51.100.0/24)"},
    {"203.0.113.0/24", Guard::kClosed, "documentation (203.0.113.0/24)"},
    {"192.88.99.0/24", Guard::kClosed, "6to4 relay (192.88.99.0/24)"},
    {"198.18.0.0/15", Guard::kClosed, "benchmarking (198.18.0.0/15)"},
    {"240.0.0.0/4", Guard::kClosed, "reserved (240.0.0.0/4)"},
    {"fd00:ec2::254", Guard::kHard, "metadata service"},
    {"fd20:ce::254", Guard::kHard, "metadata service"},
    {"::", Guard::kNever, "unspecified (::)"},
    {"ff00::/8", Guard::kNever, "multicast (ff00::/8)"},
    {"::1", Guard::kClosed, "loopback (::1)"},
    {"::ffff:0:0/96", Guard::kClosed, "IPv4-mapped (::ffff:0:0/96)"},
    {"::/96", Guard::kClosed, "IPv4-compatible (::/96)"},
    {"::ffff:0:0:0/96", Guard::kClosed, "IPv4-translated (::ffff:0:0:0/96)"},
    {"64:ff9b::/96", Guard::kClosed, "NAT64 (64:ff9b::/96)"},
    {"64:ff9b:1::/48", Guard::kClosed, "local NAT64 (64:ff9b:1::/48)"},
    {"100::/64", Guard::kClosed, "discard-only (100::/64)"},
    {"2001::/32", Guard::kClosed, "Teredo (2001::/32)"},
    {"2001:db8::/32", Guard::kClosed, "documentation (2001:db8::/32)"},
    {"3fff::/20", Guard::kClosed, "documentation (3fff::/20)"},
    {"2002::/16", Guard::kClosed, "6to4 (2002::/16)"},
    {"5f00::/16", Guard::kClosed, "segment routing (5f00::/16)"},
    {"fc00::/7", Guard::kClosed, "private (fc00::/7)"},
    {"fe80::/10", Guard::kClosed, "link-local (fe80::/10)"},
    {"fec0::/10", Guard::kClosed, "site-local (fec0::/10)"},
};

struct Range {
  base::Cidr cidr;
  GuardVerdict verdict;
};

std::vector<Range> parse_rows() {
  std::vector<Range> ranges;
  for (const Row& row : kRows) {
    // A row that does not parse throws at start-up: programmer error.
    ranges.push_back({base::Cidr::parse(row.prefix).value(), {row.guard, row.range}});
  }
  return ranges;
}

GuardVerdict plain_verdict(const base::IpAddress& address) {
  static const std::vector<Range> kRanges = parse_rows();
  for (const Range& range : kRanges) {
    if (range.cidr.contains(address)) return range.verdict;
  }
  return {};
}

bool ends_in_label(std::string_view host, std::string_view label) {
  return host.size() > label.size() &&
         base::iequals(host.substr(host.size() - label.size()), label);
}

}  // namespace

GuardVerdict guard(const base::IpAddress& address) {
  GuardVerdict strictest = plain_verdict(address);
  for (const EmbeddedV4& embedded : embedded_v4(address)) {
    GuardVerdict inner = plain_verdict(embedded.address);
    if (embedded.certainty == Certainty::kGuess && inner.guard != Guard::kHard) continue;
    // An IPv4 address in disguise is closed even where it is public: nobody needs the disguise.
    if (inner.guard == Guard::kPublic) inner = {Guard::kClosed, embedded.form};
    // On a tie the inner range tells more: "loopback" rather than "IPv4-mapped".
    const bool tells_more = inner.guard == strictest.guard && inner.range != embedded.form;
    if (inner.guard > strictest.guard || tells_more) strictest = inner;
  }
  return strictest;
}

bool is_local_name(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return base::iequals(host, "localhost") || ends_in_label(host, ".localhost") ||
         ends_in_label(host, ".local") || ends_in_label(host, ".internal");
}

}  // namespace proxy::policy
