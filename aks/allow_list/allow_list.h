// A selection of the catalogue in the language of a product that is to let it through.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aks/catalogue.h"
#include "base/result.h"

namespace aks::allow_list {

enum class Product {
  kSluice,         // policy rules, a fragment of sluice.yaml
  kSquid,          // acl and http_access lines, for a file that squid.conf includes
  kAzureFirewall,  // an ARM template with a rule collection group of a firewall policy
  kSmokescreen,    // an ACL file, version v1
};

// "sluice", "squid", "azure-firewall", "smokescreen"; nullopt for anything else.
std::optional<Product> parse_product(std::string_view text);

struct Selection {
  std::vector<Endpoint> endpoints;
  Provenance provenance;
  Query query;
};

// The list. Every entry says what it is for and where that is documented; what a product has no
// words for is named, with the reason, rather than widened. Fails (client) with kBadRequest when a
// host needs a region that the query lacks.
base::Result<std::string> format_allow_list(const Selection& selection, Product product);

}  // namespace aks::allow_list
