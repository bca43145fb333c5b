// Squid's acl and http_access directives (squid.conf, versions 4 and later).
#include <map>

#include "aks/allow_list/parts.h"

namespace aks::allow_list {
namespace {

// A whole host name: "md-*.blob.example" becomes ^md-[^.]*\.blob\.example$.
std::string regex_of(const std::string& infix) {
  std::string out = "^";
  for (const char c : infix) {
    if (c == '.') out += '\\';
    out += c == '*' ? std::string("[^.]*") : std::string(1, c);
  }
  return out + "$";
}

// Squid has one form for a domain and all below it. It warns of a name that another one covers.
bool covered(const Entry& entry, const std::vector<Entry>& all) {
  for (const Entry& other : all) {
    if (other.endpoint == entry.endpoint || other.endpoint->port != entry.endpoint->port) continue;
    HostPattern wide = other.pattern;
    if (wide.kind == HostPattern::Kind::kBelow) wide.kind = HostPattern::Kind::kNameAndBelow;
    if (!covers(wide, entry.pattern)) continue;
    // Of two that cover each other the first stays.
    HostPattern back = entry.pattern;
    if (back.kind == HostPattern::Kind::kBelow) back.kind = HostPattern::Kind::kNameAndBelow;
    if (!covers(back, other.pattern) || &other < &entry) return true;
  }
  return false;
}

}  // namespace

std::string squid_lines(const Selection& selection) {
  const ProxyEntries found = proxy_entries(selection);
  struct Port {
    std::string names, expressions;
  };
  std::map<std::uint16_t, Port> ports;
  for (const Entry& entry : found.entries) {
    const bool infix = entry.pattern.kind == HostPattern::Kind::kInfix;
    const std::string name = "aks_" + std::to_string(entry.endpoint->port);
    std::string& lines =
        infix ? ports[entry.endpoint->port].expressions : ports[entry.endpoint->port].names;
    lines += "# " + remark(*entry.endpoint, selection.provenance) + "\n";
    if (covered(entry, found.entries)) {
      lines += "# " + entry.endpoint->host + ": covered by a wider line\n";
    } else if (infix) {
      lines += "acl " + name + "_pattern dstdom_regex -n -i " + regex_of(entry.pattern.name) + "\n";
    } else {
      const bool wide = entry.pattern.kind != HostPattern::Kind::kName;
      lines += "acl " + name + " dstdomain -n " + (wide ? "." : "") + entry.pattern.name + "\n";
    }
  }
  std::string out = heading(
      selection, {"Include it in squid.conf before `http_access deny all`. \"*.example.com\" is",
                  "written \".example.com\", which in Squid matches example.com as well. Port 80",
                  "is for plain http; CONNECT to it stays with the rules of squid.conf."});
  out += left_out_lines(found);
  for (const auto& [port, lines] : ports) {
    const std::string name = "aks_" + std::to_string(port);
    out += "acl " + name + "_port port " + std::to_string(port) + "\n" + lines.names +
           lines.expressions;
    if (!lines.names.empty()) out += "http_access allow " + name + " " + name + "_port\n";
    if (!lines.expressions.empty()) {
      out += "http_access allow " + name + "_pattern " + name + "_port\n";
    }
  }
  return out;
}

}  // namespace aks::allow_list
