#include "aks/no_proxy/lint_entry.h"

#include <algorithm>

#include "aks/no_proxy/evaluate.h"
#include "aks/no_proxy/explain.h"
#include "aks/no_proxy/text.h"
#include "aks/no_proxy_entry.h"
#include "aks/punycode.h"
#include "base/ascii.h"

namespace aks::no_proxy {
namespace {

using Remedy = ListFinding::Remedy;

// The clients that read the variables and send every one of `urls` past the proxy, in words.
std::string who_bypasses(const std::string& entry, const std::vector<std::string>& urls) {
  const Environment told = told_to_all("http://proxy.invalid:1", entry);
  const auto bypasses = [&told](Client client, const std::string& url) {
    const auto to = parse_destination(url);
    return to && evaluate(client, told, *to).outcome == Outcome::kDirect;
  };
  std::vector<Client> direct;
  std::vector<Client> others;
  for (const Client client : kAllClients) {
    if (client == Client::kJava) continue;
    const bool all = std::all_of(urls.begin(), urls.end(),
                                 [&](const std::string& url) { return bypasses(client, url); });
    (all ? direct : others).push_back(client);
  }
  if (direct.empty()) return "no client";
  if (others.empty()) return "every client";
  if (others.size() < direct.size()) return "every client but " + join_clients(others);
  return "only " + join_clients(direct);
}

std::string who_bypasses(const std::string& entry, const std::string& url) {
  return who_bypasses(entry, std::vector<std::string>{url});
}

bool lists(const std::vector<std::string>& all, const std::string& entry) {
  return std::any_of(all.begin(), all.end(),
                     [&entry](const std::string& each) { return base::iequals(each, entry); });
}

EntryReading finding(Severity severity, const char* rule, const std::string& entry,
                     std::string message, Remedy remedy, std::vector<std::string> portable) {
  EntryReading out;
  out.finding = ListFinding{severity, rule, entry, std::move(message), remedy, portable};
  out.portable = std::move(portable);
  if (remedy == Remedy::kNone) {
    out.portable = {entry};
    out.finding->portable.clear();
  }
  return out;
}

// A name with all below it, in the spelling that every client understands.
std::vector<std::string> whole_domain(const std::string& name) {
  // Below a single label such as localhost there is nothing that a list would mean.
  if (name.find('.') == std::string::npos) return {name};
  return {name, "." + name};
}

EntryReading read_name(const std::string& entry, const NoProxyEntry& parsed,
                       const std::vector<std::string>& all) {
  const std::string& name = parsed.host;
  if (entry.ends_with('.')) {
    return finding(Severity::kWarning, "entry-final-dot", entry,
                   "the dot at the end is part of the name to most clients: " +
                       who_bypasses(entry, "http://" + name + "/") +
                       " takes it for the name without",
                   Remedy::kWrite, whole_domain(name));
  }
  if (name.find('.') == std::string::npos || lists(all, "." + name)) return {{}, {name}};
  return finding(Severity::kNote, "entry-name", entry,
                 "names below it are covered by " +
                     who_bypasses(entry, "http://www." + name + "/") +
                     "; listing the domain as well makes them all agree",
                 Remedy::kWrite, whole_domain(name));
}

EntryReading read_domain(const std::string& entry, const NoProxyEntry& parsed,
                         const std::vector<std::string>& all) {
  const std::string& name = parsed.host;
  if (entry.ends_with('.')) return read_name(entry, parsed, all);
  if (name.find('.') == std::string::npos || lists(all, name)) return {{}, {"." + name}};
  return finding(Severity::kWarning, "entry-dot", entry,
                 "the domain itself, " + name + ", is covered by " +
                     who_bypasses(entry, "http://" + name + "/") + "; list it as well",
                 Remedy::kWrite, whole_domain(name));
}

EntryReading read_wildcard(const std::string& entry, const NoProxyEntry& parsed) {
  return finding(Severity::kWarning, "entry-wildcard", entry,
                 "names below it are covered by " +
                     who_bypasses(entry, "http://www." + parsed.host + "/") +
                     ", and AKS refuses it; a leading dot is understood by all",
                 Remedy::kWrite, whole_domain(parsed.host));
}

EntryReading read_port(const std::string& entry, const NoProxyEntry& parsed) {
  const bool v6 = parsed.address && !parsed.address->is_v4();
  const std::string host = v6 ? "[" + parsed.address->to_string() + "]" : parsed.host;
  const std::string url = "http://" + host + ":" + std::to_string(*parsed.port) + "/";
  const auto portable = parsed.address ? std::vector<std::string>{parsed.address->to_string()}
                                       : whole_domain(parsed.host);
  return finding(Severity::kWarning, "entry-port", entry,
                 url + " is covered by " + who_bypasses(entry, url) +
                     "; leave the port out, which exempts all ports",
                 Remedy::kWrite, portable);
}

// What Ruby makes of an address that it has split at the colons.
std::string ruby_trap(const base::IpAddress& address) {
  const std::string text = address.to_string();
  const std::string last = text.substr(text.rfind(':') + 1);
  const auto to = parse_destination("http://192.0.2." + last + "/");
  if (!to || !to->address) return "";
  const auto verdict = evaluate(Client::kRuby, told_to_all("http://proxy.invalid:1", text), *to);
  if (verdict.outcome != Outcome::kDirect) return "";
  return "; Ruby splits it at the colons and then takes ." + last +
         " for every IPv4 address that ends so";
}

EntryReading read_v6(const std::string& entry, const base::IpAddress& address) {
  const std::string plain = address.to_string();
  const std::string url = "http://[" + plain + "]/";
  std::string message = url + " is covered by " + who_bypasses(entry, url) + ruby_trap(address);
  if (entry == plain) {
    return finding(Severity::kWarning, "entry-ipv6", entry,
                   message + "; no spelling suits them all: give the host a name and list that",
                   Remedy::kNone, {});
  }
  const bool brackets = entry.starts_with('[');
  message += brackets ? "; httpx fails at brackets" : "; several clients compare the text";
  return finding(brackets ? Severity::kError : Severity::kWarning, "entry-ipv6", entry,
                 message + ", so write it bare and canonical, which most understand",
                 Remedy::kWrite, {plain});
}

base::IpAddress nth_address(const base::Cidr& prefix, unsigned index) {
  const auto& octets = prefix.address().octets();
  const auto last = static_cast<std::uint8_t>(octets[3] + index);
  return base::IpAddress::v4({octets[0], octets[1], octets[2], last});
}

base::IpAddress last_address(const base::Cidr& prefix) {
  auto octets = prefix.address().octets();
  const bool v4 = prefix.address().is_v4();
  for (int bit = prefix.prefix_bits(); bit < (v4 ? 32 : 128); ++bit) {
    octets[static_cast<size_t>(bit / 8)] |= static_cast<std::uint8_t>(0x80 >> (bit % 8));
  }
  if (!v4) return base::IpAddress::v6(octets);
  return base::IpAddress::v4({octets[0], octets[1], octets[2], octets[3]});
}

// A client that takes a prefix for one host, such as httpx, covers one of the two at most.
std::vector<std::string> ends_of(const base::Cidr& prefix) {
  std::vector<std::string> urls;
  for (const base::IpAddress& address : {prefix.address(), last_address(prefix)}) {
    const std::string text = address.to_string();
    urls.push_back(address.is_v4() ? "http://" + text + "/" : "http://[" + text + "]/");
  }
  return urls;
}

EntryReading read_prefix(const std::string& entry, const base::Cidr& prefix) {
  if (!prefix.address().is_v4()) {
    return finding(Severity::kError, "entry-ipv6-prefix", entry,
                   "httpx fails at it before any request, and the addresses in it are covered by " +
                       who_bypasses(entry, ends_of(prefix)) + "; list names instead",
                   Remedy::kNone, {});
  }
  const std::string message = "addresses in it are covered by " +
                              who_bypasses(entry, ends_of(prefix)) +
                              ", and names that resolve into it by Ruby alone; ";
  constexpr int kFewAddresses = 29;  // up to 8
  if (prefix.prefix_bits() >= kFewAddresses) {
    std::vector<std::string> addresses;
    for (unsigned i = 0; i < 1U << (32 - prefix.prefix_bits()); ++i) {
      addresses.push_back(nth_address(prefix, i).to_string());
    }
    return finding(Severity::kWarning, "entry-prefix", entry, message + "list its addresses",
                   Remedy::kWrite, addresses);
  }
  return finding(Severity::kWarning, "entry-prefix", entry,
                 message + "list the names or addresses that matter as well", Remedy::kNone, {});
}

EntryReading read_unusable(const std::string& entry, const std::vector<std::string>& all) {
  if (const auto to = parse_destination(entry)) {
    return finding(Severity::kError, "entry-url", entry, "a URL is understood by httpx alone",
                   Remedy::kWrite, read_entry(to->host, all).portable);
  }
  if (const auto ascii = to_ascii_name(entry); ascii && *ascii != entry) {
    return finding(Severity::kError, "entry-idn", entry,
                   "httpx fails at it, and most others compare it with the encoded name; write "
                   "that",
                   Remedy::kWrite, read_entry(base::lower(*ascii), all).portable);
  }
  if (entry.size() > 2 && entry.front() == '[' && entry.back() == ']') {
    const auto address = base::IpAddress::parse(entry.substr(1, entry.size() - 2));
    if (address && !address->is_v4()) return read_v6(entry, *address);
  }
  const size_t dash = entry.find('-');
  if (dash != std::string::npos && base::IpAddress::parse(entry.substr(0, dash)) &&
      base::IpAddress::parse(entry.substr(dash + 1))) {
    return finding(Severity::kWarning, "entry-range", entry,
                   "ranges are understood by Node core alone; list the addresses", Remedy::kNone,
                   {});
  }
  if (entry.find_first_not_of("0123456789.*") == std::string::npos) {
    return finding(Severity::kWarning, "entry-partial-address", entry,
                   "part of an address is text to some clients and nothing to the others; list "
                   "the addresses",
                   Remedy::kDrop, {});
  }
  return finding(Severity::kError, "entry-syntax", entry,
                 "it is neither a name, a domain, an address nor a prefix, and no two clients "
                 "agree on it; leave it out",
                 Remedy::kDrop, {});
}

}  // namespace

EntryReading read_entry(const std::string& entry, const std::vector<std::string>& all) {
  const NoProxyEntry parsed = parse_no_proxy_entry(entry);
  if (parsed.port && parsed.kind != NoProxyKind::kUnusable) return read_port(entry, parsed);
  switch (parsed.kind) {
    case NoProxyKind::kName: return read_name(entry, parsed, all);
    case NoProxyKind::kDomain: return read_domain(entry, parsed, all);
    case NoProxyKind::kWildcard: return read_wildcard(entry, parsed);
    case NoProxyKind::kAddress:
      if (!parsed.address->is_v4()) return read_v6(entry, *parsed.address);
      return {{}, {entry}};
    case NoProxyKind::kPrefix: return read_prefix(entry, *parsed.prefix);
    case NoProxyKind::kAll:
      return finding(Severity::kWarning, "entry-star", entry,
                     "every host is covered by " +
                         who_bypasses("host.invalid," + entry, "http://example.com/") +
                         " where the star is one entry of several; no spelling suits them all: "
                         "leave the proxy variables unset instead",
                     Remedy::kNone, {});
    case NoProxyKind::kUnusable: break;
  }
  return read_unusable(entry, all);
}

}  // namespace aks::no_proxy
