// What `sluice check` will try, decided before anything is sent: one probe for each endpoint that
// the cluster needs through its proxy, one for each destination that must bypass it, and a line
// with the reason for everything that is left out. Pure: configuration and facts in, probes out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aks/catalogue.h"
#include "aks/effective_no_proxy.h"
#include "aks/endpoint.h"
#include "aks/http_proxy_config.h"
#include "base/result.h"

namespace check {

enum class ProbeKind {
  kConnectTls,  // CONNECT host:port through the proxy, TLS, then a GET inside
  kPlainHttp,   // GET http://host/path in absolute-form through the proxy
  kDirectTls,   // TCP and TLS to the destination, then a GET; the proxy must not see it
  kDirectHttp,  // TCP to the destination and a GET in origin-form
  kDirectTcp,   // TCP to the destination, nothing sent
  kSkipped,     // not tried; `note` says why
};

// Which certificate authorities a TLS handshake may rest on.
enum class Trust {
  kSystemAndTrustedCa,  // system roots and the configuration's trustedCa
  kSystem,              // system roots alone: clients that pin, or were not given trustedCa
  kClusterCa,           // the cluster's own CA; without it the chain is recorded, not judged
};

// What a failed probe means for the verdict.
enum class Weight {
  kRequired,  // fail
  kAdvisory,  // warn: the plan had to guess a name or a port
};

// What a probe is to find.
enum class Wanted {
  kReached,
  kClosed,  // the destination must not answer without the proxy
};

struct Probe {
  std::string name;  // "mcr.microsoft.com:443", "*.data.mcr.microsoft.com:443", "10.0.0.0/16"
  ProbeKind kind = ProbeKind::kSkipped;
  aks::Route route = aks::Route::kProxy;  // how it is expected to go
  std::string host;                       // to ask for; a name or address without brackets
  std::uint16_t port = 0;
  std::string path = "/";
  std::vector<std::pair<std::string, std::string>> fields;  // sent along with the GET
  std::optional<aks::ProxyUrl> proxy;                       // set for kConnectTls and kPlainHttp
  std::vector<std::string> groups;  // "core", "monitor", …; "no-proxy" for direct destinations
  std::string why;                  // a phrase: what needs it
  Trust trust = Trust::kSystemAndTrustedCa;
  Weight weight = Weight::kRequired;
  Wanted wanted = Wanted::kReached;
  aks::ExampleSource example = aks::ExampleSource::kItself;
  aks::Inspection inspection = aks::Inspection::kAcceptable;
  std::string warning;  // turns a pass into a warning: what is odd about the route; "" otherwise
  std::string note;     // kSkipped: the reason; else what is worth knowing, or ""
};

// Where the check runs, which decides what can be reached from there.
enum class Vantage {
  kCluster,    // a node or pod: IMDS, wireserver and service addresses answer
  kElsewhere,  // any other machine
};

// Whether it is proved, too, that nothing gets out without the proxy.
enum class Egress { kNotAsked, kMustBeClosed };

struct PlanOptions {
  aks::Query query;  // its region may be empty: the cluster's is used then
  Vantage vantage = Vantage::kCluster;
  Egress egress = Egress::kNotAsked;
  // Names to probe instead of the catalogue's examples: "*.ods.opinsights.azure.com" → a real one.
  std::map<std::string, std::string> names;
};

struct Plan {
  std::vector<Probe> probes;                  // through the proxy, direct, closed, skipped
  std::vector<aks::EffectiveEntry> no_proxy;  // the effective list
  std::vector<std::string> notes;             // sentences about the whole plan
};

// Makes the plan. Fails (client) with kBadRequest when the query is wrong: an unknown add-on, a
// malformed region, an API server or a given name that is no host, a name for an endpoint that is
// not selected.
base::Result<Plan> make_plan(const aks::Catalogue& catalogue, const aks::HttpProxyConfig& config,
                             const aks::ClusterFacts& cluster, const PlanOptions& options);

// "connect", "http", "direct-tls", "direct-http", "direct-tcp", "skipped".
std::string_view token_of(ProbeKind kind);

// "proxy" or "direct".
std::string_view token_of(aks::Route route);

}  // namespace check
