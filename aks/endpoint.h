// An outbound destination that a cluster needs, with what is known about it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aks/route.h"

namespace aks {

enum class Cloud { kPublic, kChina, kGovernment };
enum class Os { kAny, kLinux, kWindows };
enum class Gpu { kNo, kYes };
enum class Transport { kTcp, kUdp };

// How much depends on the destination, once its group applies.
enum class Need { kOptional, kRecommended, kRequired };

// Whether a proxy may open the TLS inside.
enum class Inspection { kAcceptable, kForbidden };

// What `host` is.
enum class HostForm {
  kName,        // one name
  kBelow,       // "*.example.com": every name below
  kInfix,       // "md-*.example.com": a * inside a label
  kAny,         // "*": any destination
  kAddress,     // an address that only the cluster knows, such as "{apiserver_ip}"
  kServiceTag,  // a firewall's service tag, not a host
};

// Where the name that stands for a pattern comes from.
enum class ExampleSource {
  kItself,    // the host is one name
  kKnown,     // a name under the pattern that is known to exist
  kInvented,  // right in shape; may not resolve
  kNone,      // no name can stand for it
};

struct Endpoint {
  std::string host;  // lower case; "{region}" filled in when the region is known
  HostForm form = HostForm::kName;
  std::uint16_t port = 0;
  Transport transport = Transport::kTcp;
  std::optional<UrlScheme> scheme;  // nullopt: neither http nor https
  std::vector<Cloud> clouds;
  std::vector<std::string> groups;  // one in the catalogue; all that need it in a selection
  // Clusters that do without it.
  bool unless_api_server_inside = false;  // an API server in the virtual network
  bool unless_isolated = false;           // a network-isolated cluster
  Need need = Need::kRequired;
  Route via = Route::kProxy;
  Inspection inspection = Inspection::kAcceptable;
  Os os = Os::kAny;
  Gpu gpu = Gpu::kNo;
  std::string purpose;
  std::string note;        // "" when there is nothing more to say
  std::string path = "/";  // a harmless resource to ask for
  std::string example;     // one name to try; "" with kNone
  ExampleSource example_source = ExampleSource::kItself;
};

// "public", "china", "gov".
std::string_view token_of(Cloud cloud);
// Also reads the names that `az cloud` uses, e.g. "AzureChinaCloud". nullopt for anything else.
std::optional<Cloud> parse_cloud(std::string_view text);

// "required", "recommended", "optional".
std::string_view token_of(Need need);

// What a host pattern of the catalogue is.
HostForm form_of(std::string_view host);

// "West Europe" and "westeurope" become "westeurope"; nullopt when that is no region's short name
// (letters and digits).
std::optional<std::string> normal_region(std::string_view text);

}  // namespace aks
