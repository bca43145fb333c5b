#include "aks/endpoint_report.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace aks {
namespace {

using Json = nlohmann::ordered_json;
using allow_list::Selection;

constexpr size_t kColumns = 6;
using Row = std::array<std::string, kColumns>;

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ",") + word;
  return out;
}

std::string_view token_of(Transport transport) {
  return transport == Transport::kUdp ? "udp" : "tcp";
}

std::string_view scheme_token(const Endpoint& endpoint) {
  if (!endpoint.scheme) return "";
  return *endpoint.scheme == UrlScheme::kHttp ? "http" : "https";
}

std::string_view token_of(Os os) {
  switch (os) {
    case Os::kAny: return "any";
    case Os::kLinux: return "linux";
    case Os::kWindows: return "windows";
  }
  return "any";
}

std::string_view token_of(ExampleSource source) {
  switch (source) {
    case ExampleSource::kItself: return "itself";
    case ExampleSource::kKnown: return "known";
    case ExampleSource::kInvented: return "invented";
    case ExampleSource::kNone: return "none";
  }
  return "none";
}

Json source_of(const Provenance& provenance) {
  return {{"repository", provenance.repository},
          {"document", provenance.document},
          {"commit", provenance.commit},
          {"date", provenance.date}};
}

Json json_of(const Endpoint& endpoint, const Provenance& provenance) {
  Json made = {
      {"host", endpoint.host},
      {"port", endpoint.port},
      {"transport", token_of(endpoint.transport)},
      {"scheme", scheme_token(endpoint)},
      {"groups", endpoint.groups},
      {"need", token_of(endpoint.need)},
      {"via", token_of(endpoint.via)},
      {"inspection", endpoint.inspection == Inspection::kForbidden ? "forbidden" : "acceptable"},
      {"os", token_of(endpoint.os)},
      {"purpose", endpoint.purpose},
      {"note", endpoint.note},
      {"example", endpoint.example},
      {"example_source", token_of(endpoint.example_source)},
      {"source", source_of(provenance)}};
  return made;
}

}  // namespace

std::string_view token_of(Route route) { return route == Route::kProxy ? "proxy" : "direct"; }

std::string endpoint_table(const Selection& selection) {
  std::vector<Row> rows = {{"HOST", "PORT", "VIA", "NEED", "FOR", "PURPOSE"}};
  for (const Endpoint& each : selection.endpoints) {
    rows.push_back({each.host,
                    std::to_string(each.port) + "/" + std::string(token_of(each.transport)),
                    std::string(token_of(each.via)), std::string(token_of(each.need)),
                    joined(each.groups), each.purpose});
  }
  std::array<size_t, kColumns> widths{};
  for (const Row& row : rows) {
    for (size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string out;
  for (const Row& row : rows) {
    for (size_t i = 0; i + 1 < kColumns; ++i) {
      out += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
    }
    out += row.back() + "\n";
  }
  const Provenance& from = selection.provenance;
  return out + "\n" + std::to_string(selection.endpoints.size()) +
         " endpoints; source: " + from.repository + " " + from.document + " at " +
         from.commit.substr(0, 7) + ", " + from.date + "\n";
}

namespace {

Json query_json(const Query& query) {
  Json registries = Json::array();
  for (const Registry& each : query.registries) {
    registries.push_back(
        {{"name", each.name}, {"regions", each.regions}, {"via", token_of(each.via)}});
  }
  return {{"cloud", token_of(query.cloud)},
          {"region", query.region},
          {"os", token_of(query.os)},
          {"gpu", query.gpu == Gpu::kYes},
          {"addons", query.addons},
          {"need", token_of(query.at_least)},
          {"api_server", query.api_server == ApiServer::kPublic ? "public" : "in virtual network"},
          {"isolated", query.isolation != Isolation::kNone},
          {"registries", std::move(registries)}};
}

}  // namespace

std::string endpoint_json(const Selection& selection) {
  Json endpoints = Json::array();
  for (const Endpoint& each : selection.endpoints) {
    endpoints.push_back(json_of(each, selection.provenance));
  }
  const Json made = {{"query", query_json(selection.query)},
                     {"source", source_of(selection.provenance)},
                     {"remarks", selection.provenance.remarks},
                     {"endpoints", endpoints}};
  return made.dump(2) + "\n";
}

}  // namespace aks
