// The destinations that AKS documents, and which of them a given cluster needs. The data is
// aks/endpoints.json, compiled in; its "provenance" says where every row comes from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aks/endpoint.h"
#include "aks/route.h"
#include "base/result.h"

namespace aks {

struct Provenance {
  std::string repository;
  std::string document;
  std::string commit;
  std::string date;  // of the commit, YYYY-MM-DD
  std::vector<std::string> remarks;
};

// When a group's endpoints count.
enum class Applies { kAlways, kGpu, kWindows, kAddon };

struct Group {
  std::string name;  // "core", "monitor", …
  Applies applies = Applies::kAlways;
  std::string title;                 // for people
  std::vector<std::string> aliases;  // what the az CLI calls the add-on
};

// Where nodes find the API server.
enum class ApiServer {
  kPublic,            // at its public name
  kInVirtualNetwork,  // behind a private endpoint, or in the network itself (VNet Integration)
};

// Whether the cluster takes all that it needs from a registry of its own, in the virtual network.
enum class Isolation { kNone, kNetworkIsolated };

// A container registry of one's own.
struct Registry {
  std::string name;                  // "contoso"
  std::vector<std::string> regions;  // short names; a replicated one has a data endpoint in each
  Route via = Route::kProxy;         // kDirect: with a private endpoint
};

struct Query {
  Cloud cloud = Cloud::kPublic;
  std::string region{};  // short name; "" leaves "{region}" in hosts that need one
  Os os = Os::kLinux;
  Gpu gpu = Gpu::kNo;
  std::vector<std::string> addons{};  // names or aliases
  Need at_least = Need::kRequired;    // kRequired selects required endpoints only
  ApiServer api_server = ApiServer::kPublic;
  Isolation isolation = Isolation::kNone;
  std::vector<Registry> registries{};
};

class Catalogue {
 public:
  // Parses a catalogue. Fails (proxy) with kInternal, naming the first row that is wrong.
  static base::Result<Catalogue> parse(std::string_view json);

  // The catalogue that is compiled in.
  static base::Result<Catalogue> embedded();

  const Provenance& provenance() const { return provenance_; }
  const std::vector<Group>& groups() const { return groups_; }
  // As in the file: "{region}" not filled in.
  const std::vector<Endpoint>& endpoints() const { return endpoints_; }

  // What a cluster needs, in the order of the file. Endpoints with the same host, port and
  // transport are one, with all their groups, the strongest need and the strictest inspection.
  // Registries come last, in the group "registry". Fails (client) with kBadRequest for an unknown
  // add-on, a malformed region or registry.
  base::Result<std::vector<Endpoint>> select(const Query& query) const;

  // The add-ons of the query for which nothing is documented in its cloud, by the catalogue's
  // names. Fails like select.
  base::Result<std::vector<std::string>> undocumented_addons(const Query& query) const;

 private:
  base::Result<std::vector<std::string>> groups_of(const Query& query) const;

  Provenance provenance_;
  std::vector<Group> groups_;
  std::vector<Endpoint> endpoints_;
};

}  // namespace aks
