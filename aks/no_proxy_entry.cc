#include "aks/no_proxy_entry.h"

#include <algorithm>

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
  void add(Severity severity, const char* rule, std::string message) {
    findings.push_back({severity, rule, path, std::move(message)});
  }
};

void explain_unusable(std::string_view text, Reporter& report) {
  const std::string cited = cite(text);
  if (text.find("://") != std::string_view::npos) {
    return report.add(Severity::kError, "no-proxy-url",
                      cited + " is a URL; noProxy takes hosts: remove the scheme and the path");
  }
  if (text.find('*') != std::string_view::npos) {
    return report.add(Severity::kError, "no-proxy-wildcard",
                      cited +
                          " has a * inside, which AKS does not support: list the domain with a "
                          "leading dot");
  }
  if (text.find_first_of(",;|") != std::string_view::npos) {
    return report.add(Severity::kError, "no-proxy-separator",
                      cited + " holds several entries: make each its own element of the array");
  }
  if (text.find('/') != std::string_view::npos) {
    return report.add(Severity::kError, "no-proxy-prefix",
                      cited + " is no address prefix such as 10.0.0.0/16");
  }
  if (text.front() == '[') {
    return report.add(Severity::kError, "no-proxy-brackets",
                      cited +
                          " has brackets, which Go, curl and httpx do not match: write IPv6 "
                          "addresses without them");
  }
  report.add(Severity::kError, "no-proxy-syntax",
             cited +
                 " is neither a host name (RFC 1123), a domain with a leading dot, an address "
                 "nor a prefix");
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

void lint_no_proxy_entry(std::string_view text, const std::string& path,
                         std::vector<Finding>& findings) {
  Reporter report{path, findings};
  const std::string_view trimmed = base::trim_ows(text);
  if (trimmed.empty()) {
    return report.add(Severity::kWarning, "no-proxy-empty", "the entry is empty: remove it");
  }
  if (trimmed.size() != text.size()) {
    report.add(Severity::kWarning, "no-proxy-blanks",
               cite(text) + " has blanks around it, which wget does not remove: remove them");
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
                            "support: write \"." +
                            entry.host +
                            "\" and, for the "
                            "name itself, \"" +
                            entry.host + "\"");
    case NoProxyKind::kPrefix:
      if (!base::Cidr::parse(trimmed)) {
        report.add(Severity::kWarning, "no-proxy-host-bits",
                   cite(trimmed) + " has bits set behind the prefix length; clients read it as " +
                       entry.prefix->to_string() + ": write that");
      }
      break;
    case NoProxyKind::kName:
    case NoProxyKind::kDomain:
      if (trimmed.back() == '.') {
        report.add(Severity::kNote, "no-proxy-trailing-dot",
                   cite(trimmed) +
                       " ends in a dot; Go and wget then match only names written "
                       "with the dot too: list both spellings");
      }
      break;
    case NoProxyKind::kAddress: break;
  }
  if (entry.port) {
    report.add(Severity::kWarning, "no-proxy-port",
               cite(trimmed) +
                   " names a port, which curl, git and wget never match: leave the "
                   "port out");
  }
}

}  // namespace aks
