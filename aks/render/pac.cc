#include "aks/render/pac.h"

#include <nlohmann/json.hpp>

#include "aks/no_proxy_entry.h"
#include "base/ascii.h"

namespace aks {

// Compiled in from pac.js (cmake/embed.cmake).
std::string_view embedded_pac_js();

namespace render {
namespace {

using nlohmann::ordered_json;

ordered_json octets_of(const base::IpAddress& address) {
  const size_t count = address.is_v4() ? 4 : 16;
  ordered_json octets = ordered_json::array();
  for (size_t i = 0; i < count; ++i) octets.push_back(address.octets()[i]);
  return octets;
}

// A prefix within ::ffff:0:0/96 is one of IPv4.
ordered_json prefix_entry(const base::Cidr& prefix) {
  constexpr int kMappedBits = 96;
  const base::IpAddress unmapped = prefix.address().unmapped();
  const bool mapped = unmapped != prefix.address() && prefix.prefix_bits() >= kMappedBits;
  if (!mapped) return {{"octets", octets_of(prefix.address())}, {"bits", prefix.prefix_bits()}};
  return {{"octets", octets_of(unmapped)}, {"bits", prefix.prefix_bits() - kMappedBits}};
}

// The name with its leading and its trailing dot, which count for Go, and without its port.
std::string name_of(std::string_view text, const NoProxyEntry& entry) {
  if (entry.port) text = text.substr(0, text.rfind(':'));
  return base::lower(text);
}

// What pac.js expects of an entry; null for what no client can use.
ordered_json entry_of(std::string_view text) {
  const NoProxyEntry entry = parse_no_proxy_entry(text);
  ordered_json object;
  switch (entry.kind) {
    case NoProxyKind::kAll: return {{"all", true}};
    case NoProxyKind::kPrefix: return prefix_entry(*entry.prefix);
    case NoProxyKind::kAddress: {
      const base::IpAddress address = entry.address->unmapped();
      object = {{"octets", octets_of(address)}, {"bits", address.is_v4() ? 32 : 128}};
      break;
    }
    case NoProxyKind::kName:
    case NoProxyKind::kDomain: object = {{"name", name_of(text, entry)}}; break;
    case NoProxyKind::kWildcard:
    case NoProxyKind::kUnusable: return nullptr;
  }
  if (entry.port) object["port"] = std::to_string(*entry.port);
  return object;
}

std::string directive(const HttpProxyConfig& config, const std::optional<ProxyUrl>& proxy) {
  if (!config.enabled || !proxy) return "DIRECT";
  return (proxy->scheme == ProxyScheme::kHttp ? "PROXY " : "HTTPS ") + proxy->authority.to_string();
}

}  // namespace

std::string pac_file(const HttpProxyConfig& config, const ClusterFacts& facts) {
  std::string bypass;
  for (const EffectiveEntry& entry : effective_no_proxy(config.no_proxy, facts)) {
    const ordered_json object = entry_of(entry.text);
    if (object.is_null()) continue;
    bypass += (bypass.empty() ? "\n  " : ",\n  ") + object.dump();
  }
  std::string out = "// Made by `sluice aks render pac` from the cluster's httpProxyConfig.\n";
  out += "var httpProxy = " + ordered_json(directive(config, config.http_proxy)).dump() + ";\n";
  out += "var httpsProxy = " + ordered_json(directive(config, config.https_proxy)).dump() + ";\n";
  out += "var bypass = [" + bypass + "\n];\n\n";
  return out.append(embedded_pac_js());
}

}  // namespace render
}  // namespace aks
