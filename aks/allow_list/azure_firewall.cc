// A rule collection group of an Azure Firewall policy, as an ARM template: application rules for
// what is http or https, network rules for the rest.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "aks/allow_list/parts.h"
#include "base/ascii.h"

namespace aks::allow_list {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema =
    "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";

class Template {
 public:
  explicit Template(const Selection& selection) : selection_(selection) {
    for (const Endpoint& endpoint : selection.endpoints) add(endpoint);
  }

  std::string text() && {
    Json collections = Json::array();
    // Lower numbers come first, and network rules before application rules in any case.
    if (!network_.empty()) collections.push_back(collection("aks-network", 200, network_));
    if (!application_.empty())
      collections.push_back(collection("aks-application", 300, application_));
    const Provenance& from = selection_.provenance;
    Json metadata = {{"comments", "Made by `sluice aks endpoints`."},
                     {"source",
                      {{"repository", from.repository},
                       {"document", from.document},
                       {"commit", from.commit},
                       {"date", from.date}}},
                     {"leftOut", left_out_}};
    Json group = {{"type", "Microsoft.Network/firewallPolicies/ruleCollectionGroups"},
                  {"apiVersion", "2023-09-01"},
                  {"name", "[concat(parameters('firewallPolicyName'), '/aks-egress')]"},
                  {"properties", {{"priority", 200}, {"ruleCollections", collections}}}};
    const Json made = {{"$schema", kSchema},
                       {"contentVersion", "1.0.0.0"},
                       {"metadata", metadata},
                       {"parameters", parameters_},
                       {"resources", Json::array({group})}};
    return made.dump(2) + "\n";
  }

 private:
  static Json parameter(const char* type, const std::string& description) {
    return {{"type", type}, {"metadata", {{"description", description}}}};
  }

  static Json collection(const char* name, int priority, const Json& rules) {
    return {{"ruleCollectionType", "FirewallPolicyFilterRuleCollection"},
            {"name", name},
            {"priority", priority},
            {"action", {{"type", "Allow"}}},
            {"rules", rules}};
  }

  // Letters, digits and "._-", unique within the template.
  static std::string name_of(const Endpoint& endpoint) {
    std::string host = endpoint.host;
    std::erase_if(host, [](char c) {
      return !base::is_alpha(c) && !base::is_digit(c) && c != '.' && c != '-' && c != '_';
    });
    if (endpoint.form == HostForm::kBelow) host = "below" + host;
    if (host.empty()) host = "any";
    const char* transport = endpoint.transport == Transport::kUdp ? "udp" : "tcp";
    return endpoint.groups.front() + "-" + host + "-" + transport + "-" +
           std::to_string(endpoint.port);
  }

  Json begin(const char* type, const Endpoint& endpoint) const {
    return {{"ruleType", type},
            {"name", name_of(endpoint)},
            {"description", remark(endpoint, selection_.provenance)},
            {"sourceAddresses", "[parameters('sourceAddresses')]"}};
  }

  void add(const Endpoint& endpoint) {
    const auto pattern = pattern_of(endpoint);
    if (pattern && pattern->kind == HostPattern::Kind::kInfix) {
      left_out_.push_back({{"host", endpoint.host},
                           {"port", endpoint.port},
                           {"reason", "a target FQDN has a * in front only"}});
    } else if (pattern && endpoint.scheme) {
      add_application(endpoint, *pattern);
    } else {
      add_network(endpoint);
    }
  }

  void add_application(const Endpoint& endpoint, const HostPattern& pattern) {
    using Kind = HostPattern::Kind;
    Json fqdns = Json::array();
    if (pattern.kind != Kind::kBelow) fqdns.push_back(pattern.name);
    if (pattern.kind != Kind::kName) fqdns.push_back("*." + pattern.name);
    const bool https = endpoint.scheme == UrlScheme::kHttps;
    Json rule = begin("ApplicationRule", endpoint);
    rule["protocols"] =
        Json::array({{{"protocolType", https ? "Https" : "Http"}, {"port", endpoint.port}}});
    rule["targetFqdns"] = fqdns;
    rule["terminateTLS"] = false;
    application_.push_back(rule);
  }

  void add_network(const Endpoint& endpoint) {
    Json rule = begin("NetworkRule", endpoint);
    rule["ipProtocols"] = Json::array({endpoint.transport == Transport::kUdp ? "UDP" : "TCP"});
    // Names in network rules need the firewall's DNS proxy.
    const bool named = endpoint.form == HostForm::kName;
    rule[named ? "destinationFqdns" : "destinationAddresses"] =
        Json::array({named ? endpoint.host : address_of(endpoint)});
    rule["destinationPorts"] = Json::array({std::to_string(endpoint.port)});
    network_.push_back(rule);
  }

  std::string address_of(const Endpoint& endpoint) {
    if (endpoint.form == HostForm::kServiceTag) {
      return endpoint.host.substr(endpoint.host.find(':') + 1);
    }
    if (endpoint.form == HostForm::kAddress) {
      const bool server = endpoint.host == "{apiserver_ip}";
      const std::string name = server ? "apiServerAddress" : "dnsServerAddress";
      parameters_[name] =
          parameter("string", server ? "The API server's address." : "The DNS server's address.");
      return "[parameters('" + name + "')]";
    }
    // Documented for any destination; this tag is the narrowest that the document offers.
    const std::string& region = selection_.query.region;
    return region.empty() ? "AzureCloud" : "AzureCloud." + region;
  }

  const Selection& selection_;
  Json parameters_ = {{"firewallPolicyName", parameter("string", "The firewall policy to add to.")},
                      {"sourceAddresses",
                       parameter("array", "Prefixes of the cluster's subnets, and of the proxy.")}};
  Json application_ = Json::array();
  Json network_ = Json::array();
  Json left_out_ = Json::array();
};

}  // namespace

std::string azure_firewall_template(const Selection& selection) {
  return Template(selection).text();
}

}  // namespace aks::allow_list
