#include "aks/cluster_facts.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "aks/http_proxy_config.h"

namespace aks {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 7> kKeys = {
    "fqdn", "region", "distro", "podCidrs", "serviceCidrs", "vnetCidrs", "subnetCidrs"};

class Reader {
 public:
  explicit Reader(ParsedFacts& out) : out_(out) {}

  void read(const json& document) {
    if (!document.is_object()) return error("$", "the facts are no JSON object");
    // Only `az aks show` has a network profile.
    const bool shown = document.contains("networkProfile");
    facts_.fqdn = text(document, "fqdn", "$.fqdn");
    if (shown && facts_.fqdn.empty()) facts_.fqdn = text(document, "privateFqdn", "$.privateFqdn");
    facts_.region =
        shown ? text(document, "location", "$.location") : text(document, "region", "$.region");
    const json& network = shown ? document["networkProfile"] : document;
    const std::string root = shown ? "$.networkProfile." : "$.";
    facts_.pod_cidrs = prefixes(network, "podCidrs", root);
    facts_.service_cidrs = prefixes(network, "serviceCidrs", root);
    if (!shown) {
      facts_.vnet_cidrs = prefixes(document, "vnetCidrs", root);
      facts_.subnet_cidrs = prefixes(document, "subnetCidrs", root);
      out_.distro = text(document, "distro", "$.distro");
      report_unknown(document);
    }
    if (!has_errors(out_.findings)) out_.facts = std::move(facts_);
  }

 private:
  void error(std::string path, std::string message) {
    out_.findings.push_back({Severity::kError, "facts-type", std::move(path), std::move(message)});
  }

  std::string text(const json& object, const char* key, const char* path) {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return "";
    if (found->is_string()) return found->get<std::string>();
    error(path, std::string("the value is ") + found->type_name() + "; expected a string");
    return "";
  }

  std::vector<base::Cidr> prefixes(const json& object, const char* key, const std::string& root) {
    std::vector<base::Cidr> out;
    if (!object.is_object()) return out;
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return out;
    const std::string path = root + key;
    if (!found->is_array()) {
      error(path, std::string("the value is ") + found->type_name() + "; expected an array");
      return out;
    }
    for (const json& element : *found) {
      const auto prefix = element.is_string()
                              ? base::Cidr::parse(element.get_ref<const std::string&>())
                              : std::nullopt;
      if (prefix) {
        out.push_back(*prefix);
      } else {
        error(path, (element.is_string() ? cite(element.get_ref<const std::string&>())
                                         : element.type_name()) +
                        std::string(" is no address prefix; expected one such as \"10.0.0.0/16\" "
                                    "without host bits"));
      }
    }
    return out;
  }

  void report_unknown(const json& document) {
    for (const auto& item : document.items()) {
      if (std::find(kKeys.begin(), kKeys.end(), item.key()) != kKeys.end()) continue;
      out_.findings.push_back({Severity::kWarning, "facts-unknown-key", "$",
                               "the key " + cite(item.key()) +
                                   " is no fact; expected fqdn, region, distro, podCidrs, "
                                   "serviceCidrs, vnetCidrs or subnetCidrs"});
    }
  }

  ParsedFacts& out_;
  ClusterFacts facts_;
};

}  // namespace

ParsedFacts parse_cluster_facts(std::string_view text) {
  ParsedFacts out;
  const json document = text.size() > kMaxConfigBytes ? json(json::value_t::discarded)
                                                      : json::parse(text, nullptr, false);
  if (document.is_discarded()) {
    out.findings.push_back(
        {Severity::kError, "facts-json", "$",
         "the facts are not JSON, or more than 1 MiB; expected an object such as "
         "{\"podCidrs\": [\"10.244.0.0/16\"]}"});
    return out;
  }
  Reader(out).read(document);
  return out;
}

}  // namespace aks
