#include "aks/allow_list/parts.h"

namespace aks::allow_list {
namespace {

constexpr size_t kShortCommit = 7;

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string_view os_of(const Query& query) {
  return query.os == Os::kWindows ? "windows" : query.os == Os::kLinux ? "linux" : "any";
}

std::string reason_against(const Endpoint& endpoint) {
  if (endpoint.transport == Transport::kUdp) return "UDP does not go through a proxy";
  switch (endpoint.form) {
    case HostForm::kAny: return "any destination would open everything";
    case HostForm::kAddress: return "an address that only the cluster knows";
    case HostForm::kServiceTag: return "a firewall's service tag is no host name";
    default: return "not HTTP";
  }
}

}  // namespace

ProxyEntries proxy_entries(const Selection& selection) {
  ProxyEntries out;
  for (const Endpoint& endpoint : selection.endpoints) {
    const auto pattern = pattern_of(endpoint);
    if (endpoint.transport == Transport::kTcp && endpoint.scheme && pattern) {
      out.entries.push_back({*pattern, &endpoint});
    } else {
      out.left_out.emplace_back(&endpoint, reason_against(endpoint));
    }
  }
  return out;
}

std::string source_of(const Provenance& provenance) {
  const std::string& repository = provenance.repository;
  return repository.substr(repository.rfind('/') + 1) + " " +
         provenance.commit.substr(0, kShortCommit) + ", " + provenance.date;
}

std::string remark(const Endpoint& endpoint, const Provenance& provenance) {
  return endpoint.purpose + "; " + joined(endpoint.groups) + "; " +
         std::string(token_of(endpoint.need)) + "; " + source_of(provenance);
}

std::string heading(const Selection& selection, const std::vector<std::string>& about) {
  const Query& query = selection.query;
  const Provenance& from = selection.provenance;
  std::string out = "# Made by `sluice aks endpoints`: cloud " + std::string(token_of(query.cloud));
  if (!query.region.empty()) out += ", region " + query.region;
  out += ", os " + std::string(os_of(query));
  if (query.gpu == Gpu::kYes) out += ", gpu";
  if (!query.addons.empty()) out += ", add-ons " + joined(query.addons);
  out += "; need " + std::string(token_of(query.at_least)) + ".\n";
  out += "# Source: " + from.repository + " " + from.document + "\n#   at " + from.commit + " (" +
         from.date + ").\n";
  for (const std::string& line : about) out += "# " + line + "\n";
  return out;
}

std::string left_out_lines(const ProxyEntries& entries) {
  std::string out;
  for (const auto& [endpoint, reason] : entries.left_out) {
    out += "# Left out: " + endpoint->host + " port " + std::to_string(endpoint->port) + ": " +
           reason + ".\n";
  }
  return out;
}

}  // namespace aks::allow_list
