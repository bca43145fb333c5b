#include "aks/cluster_facts.h"

#include "aks/document.h"
#include "aks/endpoint.h"
#include "aks/no_proxy_entry.h"
#include "base/ascii.h"
#include "config/suggest.h"

namespace aks {
namespace {

using config::Node;

bool is_host(const std::string& text) {
  const NoProxyEntry entry = parse_no_proxy_entry(text);
  return entry.kind == NoProxyKind::kName && !entry.port;
}

class Reader {
 public:
  explicit Reader(ParsedFacts& out) : out_(out) {}

  void read(const Node& root) {
    if (root.kind != Node::Kind::kMap) {
      return error(root, "$",
                   "the facts are " + std::string(type_of(root)) + "; expected an object");
    }
    // Only `az aks show` has a network profile, and much else that is of no interest here.
    const Node* network = member(root, "networkProfile");
    if (network != nullptr) {
      read_shown(root, *network);
    } else {
      for (size_t i = 0; i < root.keys.size(); ++i) read_member(root.keys[i], root.items[i]);
    }
    if (facts_.region.empty()) facts_.region = region_of_fqdn(facts_.fqdn);
    if (!has_errors(out_.findings)) out_.facts = std::move(facts_);
  }

 private:
  void error(const Node& node, const std::string& path, std::string message) {
    out_.findings.push_back(
        {Severity::kError, "facts-type", path, std::move(message), "", node.line, node.column});
  }

  void read_shown(const Node& root, const Node& network) {
    if (const Node* name = member(root, "fqdn")) read_fqdn(*name, "$.fqdn");
    const Node* own = member(root, "privateFqdn");
    if (facts_.fqdn.empty() && own != nullptr) read_fqdn(*own, "$.privateFqdn");
    if (const Node* region = member(root, "location")) read_region(*region, "$.location");
    if (const Node* pods = member(network, "podCidrs"))
      read_cidrs(*pods, "$.networkProfile.podCidrs", facts_.pod_cidrs);
    if (const Node* services = member(network, "serviceCidrs"))
      read_cidrs(*services, "$.networkProfile.serviceCidrs", facts_.service_cidrs);
  }

  void read_member(const Node& key, const Node& value) {
    const std::string path = path_to("$", key.text);
    if (key.text == "fqdn") return read_fqdn(value, path);
    if (key.text == "region") return read_region(value, path);
    if (key.text == "distro") return read_text(value, path, out_.distro);
    if (key.text == "podCidrs") return read_cidrs(value, path, facts_.pod_cidrs);
    if (key.text == "serviceCidrs") return read_cidrs(value, path, facts_.service_cidrs);
    if (key.text == "vnetCidrs") return read_cidrs(value, path, facts_.vnet_cidrs);
    if (key.text == "subnetCidrs") return read_cidrs(value, path, facts_.subnet_cidrs);
    if (key.text == "privateRegistries") return read_registries(value, path);
    const std::string near =
        config::nearest(key.text, {"fqdn", "region", "distro", "podCidrs", "serviceCidrs",
                                   "vnetCidrs", "subnetCidrs", "privateRegistries"});
    out_.findings.push_back({Severity::kWarning, "facts-unknown-key", path,
                             "the key " + cite(key.text) +
                                 " is no fact; expected fqdn, region, distro, podCidrs, "
                                 "serviceCidrs, vnetCidrs, subnetCidrs or privateRegistries",
                             near.empty() ? "" : json_string(near), key.line, key.column});
  }

  void read_text(const Node& value, const std::string& path, std::string& out) {
    if (value.kind == Node::Kind::kNull) return;
    if (!is_string(value)) {
      return error(value, path,
                   "the value is " + std::string(type_of(value)) + "; expected a string");
    }
    out = value.text;
  }

  void read_fqdn(const Node& value, const std::string& path) {
    read_text(value, path, facts_.fqdn);
    if (facts_.fqdn.empty() || is_host(facts_.fqdn)) return;
    error(value, path, cite(value.text) + " is no host name");
  }

  void read_region(const Node& value, const std::string& path) {
    read_text(value, path, facts_.region);
    if (facts_.region.empty()) return;
    const auto region = normal_region(facts_.region);
    if (!region) return error(value, path, cite(value.text) + " is no region such as westeurope");
    facts_.region = *region;
  }

  // Calls each(node, path) for the strings of a list.
  template <typename Each>
  void each_text(const Node& list, const std::string& path, Each each) {
    if (list.kind == Node::Kind::kNull) return;
    if (list.kind != Node::Kind::kList) {
      return error(list, path,
                   "the value is " + std::string(type_of(list)) + "; expected an array");
    }
    for (size_t i = 0; i < list.items.size(); ++i) {
      const Node& item = list.items[i];
      if (item.kind == Node::Kind::kScalar) {
        each(item, path_to(path, i));
      } else {
        error(item, path_to(path, i),
              "the element is " + std::string(type_of(item)) + "; expected a string");
      }
    }
  }

  void read_cidrs(const Node& list, const std::string& path, std::vector<base::Cidr>& out) {
    each_text(list, path, [&](const Node& node, const std::string& where) {
      const auto cidr = base::Cidr::parse(node.text);
      if (cidr) return out.push_back(*cidr);
      error(node, where,
            cite(node.text) +
                " is no address prefix; expected one such as "
                "\"10.0.0.0/16\" without host bits");
    });
  }

  void read_registries(const Node& list, const std::string& path) {
    constexpr std::string_view kSuffix = ".azurecr.io";
    each_text(list, path, [&](const Node& node, const std::string& where) {
      std::string name = base::lower(node.text);
      if (name.ends_with(kSuffix)) name.resize(name.size() - kSuffix.size());
      if (!is_host(name) || name.find('.') != std::string::npos) {
        return error(node, where, cite(node.text) + " is no registry's name such as contoso");
      }
      out_.private_registries.push_back(std::move(name));
    });
  }

  ParsedFacts& out_;
  ClusterFacts facts_;
};

}  // namespace

ParsedFacts parse_cluster_facts(std::string_view text) {
  ParsedFacts out;
  const auto document = parse_document(text, out.findings);
  if (document) Reader(out).read(document->root);
  return out;
}

}  // namespace aks
