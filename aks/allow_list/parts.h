// What the lists of all products are made from.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "aks/allow_list/allow_list.h"
#include "aks/allow_list/host_pattern.h"

namespace aks::allow_list {

struct Entry {
  HostPattern pattern;
  const Endpoint* endpoint = nullptr;  // the selection's
};

// The endpoints that a forward proxy can be told about, and why not the others.
struct ProxyEntries {
  std::vector<Entry> entries;
  std::vector<std::pair<const Endpoint*, std::string>> left_out;
};

// `selection` outlives the answer.
ProxyEntries proxy_entries(const Selection& selection);

// "azure-aks-docs fb060ab, 2026-08-21".
std::string source_of(const Provenance& provenance);

// "container images; core; required; azure-aks-docs fb060ab, 2026-08-21".
std::string remark(const Endpoint& endpoint, const Provenance& provenance);

// Comment lines that say what the list is; `about` is further lines for the product.
std::string heading(const Selection& selection, const std::vector<std::string>& about);

// Comment lines that name what is left out; "" when nothing is.
std::string left_out_lines(const ProxyEntries& entries);

std::string sluice_rules(const Selection& selection);
std::string squid_lines(const Selection& selection);
std::string smokescreen_acl(const Selection& selection);
std::string azure_firewall_template(const Selection& selection);

}  // namespace aks::allow_list
