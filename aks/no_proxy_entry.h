// One entry of noProxy: what it is, and whether AKS and its clients can use it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aks/finding.h"
#include "base/ip.h"

namespace aks {

enum class NoProxyKind {
  kName,      // "example.com": for most clients this name and all below it
  kDomain,    // ".example.com": all below it
  kAddress,   // "10.0.0.4", "2001:db8::1"
  kPrefix,    // "10.0.0.0/16"
  kAll,       // "*"
  kWildcard,  // "*.example.com": AKS refuses it, some clients take it
  kUnusable,  // nothing that a client could match
};

struct NoProxyEntry {
  NoProxyKind kind = NoProxyKind::kUnusable;
  std::string host;  // lower case; without port, leading dot or "*.", and one trailing dot
  std::optional<base::IpAddress> address;
  std::optional<base::Cidr> prefix;
  std::optional<std::uint16_t> port;
};

// Classifies without judging.
NoProxyEntry parse_no_proxy_entry(std::string_view text);

// What an entry is compared by: equal keys mean the same to every client that knows both spellings
// (other capitals, a trailing dot, another text of an address).
std::string key_of(const NoProxyEntry& entry);

// "a.example, b.example" → "\"a.example\", \"b.example\"": the entries that a text with separators
// holds, as the elements of a JSON array.
std::string separate_entries(std::string_view text);

// Appends what is wrong with the entry under `path`.
void lint_no_proxy_entry(std::string_view text, const std::string& path,
                         std::vector<Finding>& findings);

}  // namespace aks
