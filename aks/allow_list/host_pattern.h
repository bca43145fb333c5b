// The hosts of an endpoint as allow-lists need them.
#pragma once

#include <optional>
#include <string>

#include "aks/endpoint.h"

namespace aks::allow_list {

struct HostPattern {
  enum class Kind {
    kName,          // `name` alone
    kBelow,         // every name below `name`, at any depth
    kNameAndBelow,  // both
    kInfix,         // `name` holds a *, which stands for letters within a label
  };
  Kind kind = Kind::kName;
  std::string name;
};

// nullopt for what is no host name: any destination, an address, a firewall's service tag.
std::optional<HostPattern> pattern_of(const Endpoint& endpoint);

// The pattern of a policy rule that stands for the same names (docs/policy.md): "example.com",
// "*.example.com", or ".example.com" for both. nullopt for kInfix: "everything below" would open
// other people's hosts.
std::optional<std::string> rule_host(const HostPattern& pattern);

// Whether every name that `narrow` stands for is one of `wide`.
bool covers(const HostPattern& wide, const HostPattern& narrow);

}  // namespace aks::allow_list
