#include "aks/render/istio.h"

#include <nlohmann/json.hpp>
#include <set>

namespace aks::render {
namespace {

using nlohmann::ordered_json;

struct Destination {
  std::string name;  // of the object
  http::Authority authority;
  std::set<std::uint16_t> ports;
};

// The hosts of httpProxy and httpsProxy: one with two ports, or two.
std::vector<Destination> destinations(const HttpProxyConfig& config) {
  std::vector<Destination> out;
  const auto add = [&out](const char* name, const std::optional<ProxyUrl>& proxy) {
    if (!proxy) return;
    for (Destination& known : out) {
      if (known.authority.host != proxy->authority.host) continue;
      known.ports.insert(proxy->authority.port);
      return;
    }
    out.push_back({name, proxy->authority, {proxy->authority.port}});
  };
  add("http-proxy", config.http_proxy);
  add("https-proxy", config.https_proxy);
  return out;
}

std::string single_prefix(const base::IpAddress& address) {
  return address.to_string() + (address.is_v4() ? "/32" : "/128");
}

ordered_json service_entry(const Destination& to, const IstioOptions& options) {
  const auto& address = to.authority.literal ? to.authority.literal : options.proxy_address;
  ordered_json metadata = {{"name", to.name}};
  if (!options.name_space.empty()) metadata["namespace"] = options.name_space;
  ordered_json spec;
  // An address is no valid host, and with `addresses` the host is not looked at: a reserved name
  // (RFC 6761 §6.4) stands in.
  spec["hosts"] = {to.authority.literal ? to.name + ".invalid" : to.authority.host};
  if (address) spec["addresses"] = {single_prefix(*address)};
  spec["ports"] = ordered_json::array();
  for (const std::uint16_t port : to.ports) {
    spec["ports"].push_back(
        {{"number", port}, {"name", "tcp-" + std::to_string(port)}, {"protocol", "TCP"}});
  }
  spec["location"] = "MESH_EXTERNAL";
  spec["resolution"] = address ? "NONE" : "DNS";
  return {{"apiVersion", "networking.istio.io/v1"},
          {"kind", "ServiceEntry"},
          {"metadata", std::move(metadata)},
          {"spec", std::move(spec)}};
}

}  // namespace

std::optional<std::string> istio_service_entries(const HttpProxyConfig& config,
                                                 const IstioOptions& options, Format format,
                                                 std::vector<Finding>& findings) {
  std::vector<ordered_json> objects;
  size_t named = 0;
  for (const Destination& to : destinations(config)) {
    objects.push_back(service_entry(to, options));
    if (to.authority.literal) continue;
    ++named;
    if (options.proxy_address) continue;
    findings.push_back({Severity::kWarning, "istio-address", "--proxy-address",
                        cite(to.authority.host) +
                            " has no address here, so Istio takes all TCP to its port, wherever it "
                            "goes, for the proxy: give the proxy's address with --proxy-address"});
  }
  if (named > 1 && options.proxy_address) {
    findings.push_back({Severity::kError, "istio-address", "--proxy-address",
                        "httpProxy and httpsProxy name two hosts, and one address can't be both: "
                        "write addresses into a copy of the configuration"});
    return std::nullopt;
  }
  return print_all(objects, format);
}

std::string istio_annotation(const HttpProxyConfig& config, Format format) {
  std::set<std::uint16_t> ports;
  for (const Destination& to : destinations(config)) ports.insert(to.ports.begin(), to.ports.end());
  std::string list;
  for (const std::uint16_t port : ports) list += (list.empty() ? "" : ",") + std::to_string(port);
  const ordered_json annotations = {{"traffic.sidecar.istio.io/excludeOutboundPorts", list}};
  const ordered_json metadata = {{"annotations", annotations}};
  return print({{"spec", {{"template", {{"metadata", metadata}}}}}}, format);
}

}  // namespace aks::render
