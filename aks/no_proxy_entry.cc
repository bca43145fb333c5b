#include "aks/no_proxy_entry.h"

#include <algorithm>

#include "aks/punycode.h"
#include "base/ascii.h"

namespace aks {
namespace {

// RFC 1123 §2.1 with '_', which service discovery names use and every client matches.
bool is_host_name(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  for (size_t start = 0; start <= name.size();) {
    const size_t dot = std::min(name.find('.', start), name.size());
    const std::string_view label = name.substr(start, dot - start);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') {
      return false;
    }
    const auto allowed = [](char c) {
      return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '_';
    };
    if (!std::all_of(label.begin(), label.end(), allowed)) return false;
    start = dot + 1;
  }
  return true;
}

// A name whose last label is a number is an address written badly (WHATWG URL, "ends in a number").
bool ends_in_number(std::string_view name) {
  const std::string_view last = name.substr(name.rfind('.') + 1);
  return !last.empty() && std::all_of(last.begin(), last.end(), base::is_digit);
}

// Splits "host:port" and "[v6]:port". Bare IPv6 has no port; "[v6]" keeps none either.
void split_port(std::string_view& text, std::optional<std::uint16_t>& port) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return;
  const std::string_view host = text.substr(0, colon);
  const bool bracketed = !host.empty() && host.front() == '[' && host.back() == ']';
  if (!bracketed && host.find(':') != std::string_view::npos) return;
  const auto parsed = base::parse_port(text.substr(colon + 1));
  if (!parsed) return;
  port = parsed;
  text = bracketed ? host.substr(1, host.size() - 2) : host;
}

struct Reporter {
  const std::string& path;
  std::vector<Finding>& findings;
  void add(Severity severity, const char* rule, std::string message, std::string fix = "") {
    findings.push_back({severity, rule, path, std::move(message), std::move(fix)});
  }
};

constexpr std::string_view kSeparators = ",;| \t\r\n";

// "https://name:443/path" → "name".
std::string host_of_url(std::string_view text) {
  text.remove_prefix(text.find("://") + 3);
  text = text.substr(0, text.find_first_of("/?#"));
  text.remove_prefix(text.rfind('@') == text.npos ? 0 : text.rfind('@') + 1);
  std::optional<std::uint16_t> port;
  split_port(text, port);
  return json_string(text);
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

bool has_long_label(std::string_view name) {
  for (size_t start = 0; start <= name.size();) {
    const size_t dot = std::min(name.find('.', start), name.size());
    if (dot - start > 63) return true;
    start = dot + 1;
  }
  return name.size() > 253;
}

void explain_unusable(std::string_view text, Reporter& report) {
  const std::string cited = cite(text);
  const auto error = [&](const char* rule, const std::string& why, std::string fix = "") {
    report.add(Severity::kError, rule, why, std::move(fix));
  };
  if (text.find("://") != std::string_view::npos) {
    return error("no-proxy-url",
                 "the entry is a URL; noProxy takes hosts: remove the scheme and the path",
                 host_of_url(text));
  }
  if (text.find('*') != std::string_view::npos) {
    return error("no-proxy-wildcard",
                 cited +
                     " has a * inside, which AKS does not support: list the domain with a "
                     "leading dot");
  }
  if (text.find_first_of(kSeparators) != std::string_view::npos) {
    return error("no-proxy-separator",
                 cited + " holds several entries: make each its own element of the array",
                 separate_entries(text));
  }
  if (text.find('/') != std::string_view::npos) {
    return error("no-proxy-prefix", cited + " is no address prefix such as 10.0.0.0/16");
  }
  if (text.front() == '[') {
    const std::string_view inside = text.substr(1, text.find(']') - 1);
    return error("no-proxy-brackets",
                 cited +
                     " has brackets, which Go, curl and httpx do not match: write IPv6 "
                     "addresses without them",
                 base::IpAddress::parse(inside) ? json_string(inside) : "");
  }
  if (!is_ascii(text)) {
    const auto ascii = to_ascii_name(text);
    return error("no-proxy-unicode",
                 cited +
                     " has characters beyond ASCII, which host names do not have (RFC 1123): "
                     "write the name in its xn-- form",
                 ascii ? json_string(*ascii) : "");
  }
  if (has_long_label(text)) {
    return error("no-proxy-length",
                 cited +
                     " is too long for a host name: 63 characters between dots and 253 in all "
                     "is the most (RFC 1123, section 2.1)");
  }
  error("no-proxy-syntax",
        cited +
            " is neither a host name (RFC 1123), a domain with a leading dot, an address nor a "
            "prefix");
}

void judge_name(std::string_view text, const NoProxyEntry& entry, Reporter& report) {
  if (entry.host.find('_') != std::string::npos) {
    report.add(Severity::kWarning, "no-proxy-underscore",
               cite(text) +
                   " has a '_', which RFC 1123, section 2.1 does not allow in host names and AKS "
                   "may refuse; clients match it: leave it out, or list the domain above it");
  }
  if (std::any_of(text.begin(), text.end(), [](char c) { return c != base::to_lower(c); })) {
    report.add(Severity::kNote, "no-proxy-case",
               cite(text) +
                   " has capitals; clients compare without regard to case, and the "
                   "Kubernetes form of RFC 1123 has small letters only",
               json_string(base::lower(text)));
  }
  if (text.ends_with('.')) {
    report.add(Severity::kNote, "no-proxy-trailing-dot",
               cite(text) +
                   " ends in a dot; Go and wget then match only names written with the "
                   "dot too: list both spellings",
               json_string(text.substr(0, text.size() - 1)) + ", " + json_string(text));
  }
}

void judge_address(std::string_view text, const NoProxyEntry& entry, Reporter& report) {
  const std::string plain = entry.address->to_string();
  if (entry.address->is_v4() || (entry.port ? entry.host : text) == plain) return;
  report.add(Severity::kWarning, "no-proxy-ipv6-spelling",
             cite(text) +
                 " is no canonical IPv6 text (RFC 5952), and wget, urllib, requests and "
                 "older curl compare text",
             json_string(plain));
}

void judge_prefix(std::string_view text, const NoProxyEntry& entry, Reporter& report) {
  const std::string plain = entry.prefix->to_string();
  if (!base::Cidr::parse(text)) {
    report.add(Severity::kWarning, "no-proxy-host-bits",
               cite(text) + " has bits set behind the prefix length; clients read it as " + plain +
                   ": write that",
               json_string(plain));
  } else if (text != plain) {
    report.add(Severity::kWarning, "no-proxy-ipv6-spelling",
               cite(text) + " is no canonical text of that prefix (RFC 5952)", json_string(plain));
  }
}

}  // namespace

NoProxyEntry parse_no_proxy_entry(std::string_view text) {
  NoProxyEntry entry;
  std::string_view rest = base::trim_ows(text);
  if (rest == "*") {
    entry.kind = NoProxyKind::kAll;
    return entry;
  }
  if (rest.find('/') != std::string_view::npos) {
    entry.prefix = base::Cidr::parse(rest, base::Cidr::HostBits::kClear);
    if (entry.prefix) entry.kind = NoProxyKind::kPrefix;
    entry.host = base::lower(rest);
    return entry;
  }
  split_port(rest, entry.port);
  entry.address = base::IpAddress::parse(rest);
  NoProxyKind kind = entry.address ? NoProxyKind::kAddress : NoProxyKind::kName;
  if (rest.substr(0, 2) == "*.") {
    kind = NoProxyKind::kWildcard;
    rest.remove_prefix(2);
  } else if (rest.substr(0, 1) == ".") {
    kind = NoProxyKind::kDomain;
    rest.remove_prefix(1);
  }
  if (!rest.empty() && rest.back() == '.') rest.remove_suffix(1);
  entry.host = base::lower(rest);
  const bool usable =
      kind == NoProxyKind::kAddress || (is_host_name(rest) && !ends_in_number(rest));
  entry.kind = usable ? kind : NoProxyKind::kUnusable;
  return entry;
}

std::string key_of(const NoProxyEntry& entry) {
  std::string key = entry.kind == NoProxyKind::kDomain ? "." : "";
  if (entry.address) {
    key += entry.address->unmapped().to_string();
  } else if (entry.prefix) {
    key += entry.prefix->to_string();
  } else {
    key += entry.host;
  }
  if (entry.port) key += ":" + std::to_string(*entry.port);
  return key;
}

std::string separate_entries(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(kSeparators), text.size());
    if (end > 0) out += (out.empty() ? "" : ", ") + json_string(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

void lint_no_proxy_entry(std::string_view text, const std::string& path,
                         std::vector<Finding>& findings) {
  Reporter report{path, findings};
  const std::string_view trimmed = base::trim_ows(text);
  if (trimmed.empty()) {
    return report.add(Severity::kWarning, "no-proxy-empty", "the entry is empty: remove it");
  }
  if (trimmed.size() != text.size()) {
    report.add(Severity::kWarning, "no-proxy-blanks",
               cite(text) + " has blanks around it, which wget does not remove: remove them",
               json_string(trimmed));
  }
  const NoProxyEntry entry = parse_no_proxy_entry(trimmed);
  switch (entry.kind) {
    case NoProxyKind::kUnusable: return explain_unusable(trimmed, report);
    case NoProxyKind::kAll:
      return report.add(Severity::kWarning, "no-proxy-all",
                        "\"*\" sends everything past the proxy in most clients: remove it");
    case NoProxyKind::kWildcard:
      return report.add(Severity::kError, "no-proxy-wildcard",
                        cite(trimmed) +
                            " has a * attached to a domain, which AKS does not "
                            "support: list the domain with a leading dot and, for the "
                            "name itself, without",
                        json_string("." + entry.host) + ", " + json_string(entry.host));
    case NoProxyKind::kPrefix: judge_prefix(trimmed, entry, report); break;
    case NoProxyKind::kAddress: judge_address(trimmed, entry, report); break;
    case NoProxyKind::kName:
    case NoProxyKind::kDomain: judge_name(trimmed, entry, report); break;
  }
  if (entry.port) {
    const std::string dot = entry.kind == NoProxyKind::kDomain ? "." : "";
    report.add(Severity::kWarning, "no-proxy-port",
               cite(trimmed) +
                   " names a port, which curl, git and wget never match: leave the "
                   "port out",
               json_string(dot + entry.host));
  }
}

}  // namespace aks
