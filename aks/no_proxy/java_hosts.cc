#include <algorithm>

#include "aks/no_proxy/lint.h"
#include "aks/no_proxy/text.h"
#include "aks/no_proxy_entry.h"

namespace aks::no_proxy {
namespace {

// "10.*" of 10.0.0.0/8; "" for prefixes that do not end between octets.
std::string glob_of(const base::Cidr& prefix) {
  const int bits = prefix.prefix_bits();
  if (!prefix.address().is_v4() || bits % 8 != 0 || bits == 0) return "";
  if (bits == 32) return prefix.address().to_string();
  std::string glob;
  for (int i = 0; i < bits / 8; ++i) {
    glob += std::to_string(prefix.address().octets()[static_cast<size_t>(i)]) + ".";
  }
  return glob + "*";
}

std::vector<std::string> patterns_of(const NoProxyEntry& entry) {
  switch (entry.kind) {
    case NoProxyKind::kName:
    case NoProxyKind::kDomain:
    case NoProxyKind::kWildcard:
      // What a single label stands for has nothing below it.
      if (entry.kind == NoProxyKind::kName && entry.host.find('.') == std::string::npos) {
        return {entry.host};
      }
      return {entry.host, "*." + entry.host};
    case NoProxyKind::kAddress:
      if (entry.address->is_v4()) return {entry.address->to_string()};
      return {"[" + entry.address->to_string() + "]"};
    case NoProxyKind::kPrefix: {
      const std::string glob = glob_of(*entry.prefix);
      return glob.empty() ? std::vector<std::string>{} : std::vector<std::string>{glob};
    }
    case NoProxyKind::kAll: return {"*"};
    case NoProxyKind::kUnusable: return {};
  }
  return {};
}

}  // namespace

JavaHosts to_java(std::string_view list) {
  JavaHosts out;
  std::vector<std::string> seen;
  for (const std::string_view element : split(list, ",")) {
    const std::string_view text = trim(element);
    if (text.empty()) continue;
    const auto patterns = patterns_of(parse_no_proxy_entry(text));
    if (patterns.empty()) out.lost.emplace_back(text);
    for (const std::string& pattern : patterns) {
      if (std::find(seen.begin(), seen.end(), pattern) != seen.end()) continue;
      seen.push_back(pattern);
      out.value += (out.value.empty() ? "" : "|") + pattern;
    }
  }
  return out;
}

}  // namespace aks::no_proxy
