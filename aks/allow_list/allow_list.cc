#include "aks/allow_list/allow_list.h"

#include "aks/allow_list/parts.h"

namespace aks::allow_list {

std::optional<Product> parse_product(std::string_view text) {
  if (text == "sluice") return Product::kSluice;
  if (text == "squid") return Product::kSquid;
  if (text == "azure-firewall") return Product::kAzureFirewall;
  if (text == "smokescreen") return Product::kSmokescreen;
  return std::nullopt;
}

base::Result<std::string> format_allow_list(const Selection& selection, Product product) {
  for (const Endpoint& endpoint : selection.endpoints) {
    if (endpoint.host.find("{region}") == std::string::npos) continue;
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                      "the host " + endpoint.host +
                          " needs the cluster's region; name it with --region, e.g. westeurope");
  }
  switch (product) {
    case Product::kSluice: return sluice_rules(selection);
    case Product::kSquid: return squid_lines(selection);
    case Product::kAzureFirewall: return azure_firewall_template(selection);
    case Product::kSmokescreen: return smokescreen_acl(selection);
  }
  return std::string();
}

}  // namespace aks::allow_list
