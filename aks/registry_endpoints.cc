#include "aks/registry_endpoints.h"

#include <algorithm>

#include "aks/finding.h"
#include "base/ascii.h"

namespace aks {
namespace {

std::string_view domain_of(Cloud cloud) {
  switch (cloud) {
    case Cloud::kPublic: return ".azurecr.io";
    case Cloud::kChina: return ".azurecr.cn";
    case Cloud::kGovernment: return ".azurecr.us";
  }
  return ".azurecr.io";
}

// 5 to 50 letters and digits, as Azure takes them; older names may be shorter.
bool is_registry(std::string_view name) {
  return !name.empty() && name.size() <= 50 && std::all_of(name.begin(), name.end(), [](char c) {
    return base::is_alpha(c) || base::is_digit(c);
  });
}

base::Failure refuse(const std::string& what) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient, what);
}

Endpoint endpoint_of(const Query& query, const Registry& registry, std::string host) {
  Endpoint out;
  out.example = host.find('{') == std::string::npos ? host : "";
  out.example_source = out.example.empty() ? ExampleSource::kNone : ExampleSource::kItself;
  out.host = std::move(host);
  out.port = 443;
  out.scheme = UrlScheme::kHttps;
  out.clouds = {query.cloud};
  out.groups = {"registry"};
  out.via = registry.via;
  return out;
}

}  // namespace

base::Result<std::vector<Endpoint>> endpoints_of_registries(const Query& query,
                                                            const std::string& region) {
  std::vector<Endpoint> out;
  for (const Registry& registry : query.registries) {
    std::string name = base::lower(registry.name);
    const std::string_view domain = domain_of(query.cloud);
    if (name.ends_with(domain)) name.resize(name.size() - domain.size());
    if (!is_registry(name)) {
      return refuse("the registry " + cite(registry.name) +
                    " is no registry's name such as contoso" + " or contoso" + std::string(domain));
    }
    Endpoint rest = endpoint_of(query, registry, name + std::string(domain));
    rest.purpose = "images: the registry itself";
    rest.path = "/v2/";
    if (registry.via == Route::kDirect) {
      rest.note = "Behind a private endpoint: it and the data endpoints belong into noProxy.";
    }
    out.push_back(std::move(rest));
    std::vector<std::string> regions = registry.regions;
    if (regions.empty()) regions.push_back(region.empty() ? "{region}" : region);
    for (const std::string& each : regions) {
      const auto normal = each == "{region}" ? each : normal_region(each).value_or("");
      if (normal.empty()) {
        return refuse("the registry's region " + cite(each) +
                      " is no region's short name; expected one such as westeurope");
      }
      Endpoint data =
          endpoint_of(query, registry, name + "." + normal + ".data" + std::string(domain));
      data.purpose = "images: layers, from the region's data endpoint";
      data.note =
          "Of registries with dedicated data endpoints or a private endpoint; of others the layers "
          "come from *.blob.core.windows.net.";
      out.push_back(std::move(data));
    }
  }
  return out;
}

}  // namespace aks
