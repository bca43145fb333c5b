#include "aks/catalogue.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "aks/catalogue_reader.h"
#include "aks/finding.h"
#include "aks/registry_endpoints.h"
#include "base/ascii.h"
#include "config/suggest.h"

namespace aks {

// Defined by cmake/embed.cmake from aks/endpoints.json.
std::string_view embedded_endpoints_json();

namespace {

using nlohmann::json;

base::Failure broken(std::string detail) {
  return base::fail(base::ErrorCode::kInternal, base::Party::kProxy,
                    "endpoint catalogue: " + std::move(detail));
}

template <typename T>
base::Result<std::vector<T>> read_all(const json& document, const char* key,
                                      base::Result<T> (*read)(const json&)) {
  const auto list = document.find(key);
  if (list == document.end() || !list->is_array()) {
    return broken(std::string(key) + " is not an array");
  }
  std::vector<T> out;
  for (const json& item : *list) {
    auto value = read(item);
    if (!value) return base::fail(std::move(value).error());
    out.push_back(std::move(*value));
  }
  return out;
}

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool is_called(const Group& group, std::string_view name) {
  const auto same = [name](const std::string& known) { return base::iequals(known, name); };
  return same(group.name) || std::any_of(group.aliases.begin(), group.aliases.end(), same);
}

void fill_region(std::string& text, const std::string& region) {
  constexpr std::string_view kPlace = "{region}";
  const size_t at = text.find(kPlace);
  if (at != std::string::npos && !region.empty()) text.replace(at, kPlace.size(), region);
}

bool is_needed(const Endpoint& endpoint, const Query& query) {
  if (endpoint.unless_isolated && query.isolation != Isolation::kNone) return false;
  return !endpoint.unless_api_server_inside || query.api_server == ApiServer::kPublic;
}

void merge(Endpoint& into, const Endpoint& other) {
  for (const std::string& group : other.groups) {
    if (!contains(into.groups, group)) into.groups.push_back(group);
  }
  into.need = std::max(into.need, other.need);
  if (other.inspection == Inspection::kForbidden) into.inspection = Inspection::kForbidden;
}

}  // namespace

base::Result<Catalogue> Catalogue::parse(std::string_view text) {
  const json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return broken("the data is not a JSON object");
  auto provenance = read_provenance(document.value("provenance", json()));
  if (!provenance) return base::fail(std::move(provenance).error());
  auto groups = read_all<Group>(document, "groups", read_group);
  if (!groups) return base::fail(std::move(groups).error());
  auto endpoints = read_all<Endpoint>(document, "endpoints", read_endpoint);
  if (!endpoints) return base::fail(std::move(endpoints).error());

  Catalogue catalogue;
  catalogue.provenance_ = std::move(*provenance);
  catalogue.groups_ = std::move(*groups);
  catalogue.endpoints_ = std::move(*endpoints);
  for (const Endpoint& endpoint : catalogue.endpoints_) {
    const std::string& name = endpoint.groups.front();
    const bool known = std::any_of(catalogue.groups_.begin(), catalogue.groups_.end(),
                                   [&name](const Group& group) { return group.name == name; });
    if (!known) return broken("host " + endpoint.host + " is in the unknown group " + name);
  }
  return catalogue;
}

base::Result<Catalogue> Catalogue::embedded() { return parse(embedded_endpoints_json()); }

base::Result<std::vector<std::string>> Catalogue::groups_of(const Query& query) const {
  std::vector<std::string> names;
  std::string known;
  std::vector<std::string> spellings;
  for (const Group& group : groups_) {
    const bool chosen = group.applies == Applies::kAlways ||
                        (group.applies == Applies::kGpu && query.gpu == Gpu::kYes) ||
                        (group.applies == Applies::kWindows && query.os != Os::kLinux);
    if (chosen) names.push_back(group.name);
    if (group.applies != Applies::kAddon) continue;
    known += (known.empty() ? "" : ", ") + group.name;
    spellings.push_back(group.name);
    spellings.insert(spellings.end(), group.aliases.begin(), group.aliases.end());
  }
  for (const std::string& addon : query.addons) {
    const auto group = std::find_if(groups_.begin(), groups_.end(), [&addon](const Group& each) {
      return each.applies == Applies::kAddon && is_called(each, addon);
    });
    if (group == groups_.end()) {
      const std::string near = config::nearest(addon, spellings);
      return base::fail(
          base::ErrorCode::kBadRequest, base::Party::kClient,
          "the add-on " + cite(addon) + " is unknown" +
              (near.empty() ? "; the catalogue has " + known : ", did you mean " + near + "?"));
    }
    names.push_back(group->name);
  }
  return names;
}

base::Result<std::vector<Endpoint>> Catalogue::select(const Query& query) const {
  std::string region;
  if (!query.region.empty()) {
    const auto normal = normal_region(query.region);
    if (!normal) {
      return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                        "the region " + cite(query.region) +
                            " is no region's short name; expected one such as westeurope");
    }
    region = *normal;
  }
  const auto names = groups_of(query);
  if (!names) return base::fail(names.error());

  std::vector<Endpoint> selected;
  for (Endpoint endpoint : endpoints_) {
    const auto& clouds = endpoint.clouds;
    if (std::find(clouds.begin(), clouds.end(), query.cloud) == clouds.end()) continue;
    if (!contains(*names, endpoint.groups.front()) || endpoint.need < query.at_least) continue;
    if (!is_needed(endpoint, query)) continue;
    if (query.os != Os::kAny && endpoint.os != Os::kAny && endpoint.os != query.os) continue;
    // Where only the example depends on the region, it is the public cloud's that is known to have
    // a name there; of the others, and where none is told, one that exists will do.
    const bool regional = endpoint.host.find('{') != std::string::npos;
    const bool named = !region.empty() && query.cloud == Cloud::kPublic;
    fill_region(endpoint.example, regional || named ? region : "eastus");
    fill_region(endpoint.host, region);
    const auto same =
        std::find_if(selected.begin(), selected.end(), [&endpoint](const Endpoint& other) {
          return other.host == endpoint.host && other.port == endpoint.port &&
                 other.transport == endpoint.transport;
        });
    if (same == selected.end()) {
      selected.push_back(std::move(endpoint));
    } else {
      merge(*same, endpoint);
    }
  }
  const auto own = endpoints_of_registries(query, region);
  if (!own) return base::fail(own.error());
  selected.insert(selected.end(), own->begin(), own->end());
  return selected;
}

base::Result<std::vector<std::string>> Catalogue::undocumented_addons(const Query& query) const {
  auto names = groups_of(query);
  if (!names) return names;
  std::erase_if(*names, [&](const std::string& name) {
    const bool addon = std::any_of(groups_.begin(), groups_.end(), [&name](const Group& group) {
      return group.name == name && group.applies == Applies::kAddon;
    });
    return !addon || std::any_of(endpoints_.begin(), endpoints_.end(), [&](const Endpoint& each) {
      return contains(each.groups, name) &&
             std::find(each.clouds.begin(), each.clouds.end(), query.cloud) != each.clouds.end();
    });
  });
  return names;
}

}  // namespace aks
