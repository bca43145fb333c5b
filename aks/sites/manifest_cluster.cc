#include "aks/sites/manifest_cluster.h"

#include <array>

#include "aks/document.h"
#include "aks/sites/members.h"
#include "aks/template/functions.h"
#include "base/ascii.h"

namespace aks::sites {
namespace {

using config::Node;

// What CAPZ's webhook writes where people wrote nothing.
constexpr const char* kNetwork = "10.0.0.0/8";
constexpr const char* kSubnet = "10.240.0.0/16";
constexpr const char* kOverlayNetwork = "10.224.0.0/12";
constexpr const char* kOverlaySubnet = "10.224.0.0/16";

// The value behind a way of keys, nullptr when it is absent or null.
const Node* at(const Node& object, std::initializer_list<const char*> way) {
  const Node* node = &object;
  for (const char* key : way) {
    node = node == nullptr ? nullptr : member(*node, key);
  }
  return node == nullptr || node->kind == Node::Kind::kNull ? nullptr : node;
}

std::string text_at(const Node& object, std::initializer_list<const char*> way) {
  const Node* node = at(object, way);
  return node == nullptr ? "" : node->text;
}

void copy(const Node& from, std::initializer_list<const char*> way, const char* to, Node& out) {
  if (const Node* value = at(from, way)) set_member(out, to, *value);
}

Node list_of(const Node* value, const char* otherwise, const Node& place) {
  Node list = empty_object(place);
  list.kind = Node::Kind::kList;
  list.items.push_back(value != nullptr ? *value : arm::make_text(otherwise));
  return list;
}

// Cluster API's Cluster with that control plane; nullptr when the document has none.
const Node* owner_of(const std::string& plane, const Node& document) {
  const Node* list = document.kind == Node::Kind::kList ? &document : at(document, {"items"});
  for (size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
    const Node& object = list->items[i];
    if (text_at(object, {"kind"}) == "Cluster" &&
        text_at(object, {"spec", "controlPlaneRef", "name"}) == plane)
      return &object;
  }
  return nullptr;
}

}  // namespace

Node cluster_of_capz(const Node& object, const Node& spec, const Node& document) {
  Node out = empty_object(spec);
  copy(spec, {"location"}, "location", out);
  copy(spec, {"controlPlaneEndpoint", "host"}, "fqdn", out);
  copy(spec, {"apiServerAccessProfile"}, "apiServerAccessProfile", out);
  copy(spec, {"securityProfile"}, "securityProfile", out);
  copy(spec, {"outboundType"}, "networkProfile.outboundType", out);
  copy(spec, {"networkPluginMode"}, "networkProfile.networkPluginMode", out);
  set_member(out, "networkProfile.networkPlugin", arm::make_text("azure"));
  copy(spec, {"networkPlugin"}, "networkProfile.networkPlugin", out);
  const bool overlay = base::iequals(text_at(spec, {"networkPluginMode"}), "overlay");
  const bool flat = !overlay && !base::iequals(text_at(spec, {"networkPlugin"}), "kubenet");
  if (const Node* owner = owner_of(text_at(object, {"metadata", "name"}), document)) {
    // A flat network has no range of pods, whatever the Cluster says.
    if (!flat)
      copy(*owner, {"spec", "clusterNetwork", "pods", "cidrBlocks"}, "networkProfile.podCidrs",
           out);
    copy(*owner, {"spec", "clusterNetwork", "services", "cidrBlocks"},
         "networkProfile.serviceCidrs", out);
  }
  set_member(out, "vnetCidrs",
             list_of(at(spec, {"virtualNetwork", "cidrBlock"}),
                     overlay ? kOverlayNetwork : kNetwork, spec));
  set_member(out, "subnetCidrs",
             list_of(at(spec, {"virtualNetwork", "subnet", "cidrBlock"}),
                     overlay ? kOverlaySubnet : kSubnet, spec));
  const Node* addons = at(spec, {"addonProfiles"});
  for (size_t i = 0; addons != nullptr && i < addons->items.size(); ++i) {
    const std::string name = text_at(addons->items[i], {"name"});
    if (!name.empty() && name.find('.') == std::string::npos)
      set_member(out, "addonProfiles." + name, addons->items[i]);
  }
  return out;
}

Node cluster_of_aso(const Node& spec, const Node* status) {
  Node out = status == nullptr ? empty_object(spec) : *status;
  for (size_t i = 0; i < spec.keys.size(); ++i) {
    const std::string& key = spec.keys[i].text;
    // The pools' subnets are references, which the status does not repeat.
    if (at(out, {key.c_str()}) == nullptr || key == "agentPoolProfiles") {
      out.keys.push_back(spec.keys[i]);
      out.items.push_back(spec.items[i]);
    }
  }
  for (size_t i = 0; i < out.keys.size(); ++i) {
    if (out.keys[i].text != "agentPoolProfiles") continue;
    for (Node& pool : out.items[i].items) {
      const Node* subnet = at(pool, {"vnetSubnetReference"});
      if (subnet == nullptr || pool.kind != Node::Kind::kMap) continue;
      Node unknown = *subnet;
      make_unknown(unknown, "vnetSubnetReference");
      set_member(pool, "vnetSubnetId", std::move(unknown));
    }
  }
  return out;
}

}  // namespace aks::sites
