// The keys of `misroutes` and `learn`.
#include "config/fields.h"
#include "config/scalars_addresses.h"
#include "config/scalars_names.h"
#include "config/scalars_numbers.h"

namespace config {
namespace {

using namespace std::chrono_literals;

constexpr milliseconds kDay = 24h;

}  // namespace

void add_watching(std::vector<Field>& out, Misroutes& m, Learn& l) {
  const auto range = [&out](const char* key, std::vector<base::Cidr>& member, const char* whose) {
    out.push_back(list(key, member, cidr(), {whose, R"(["10.244.0.0/16"])"}));
  };
  out.push_back(
      scalar("misroutes.http_proxy_config", m.http_proxy_config, file_or_off(),
             {"The cluster's httpProxyConfig (JSON): requests that its noProxy should have "
              "kept away are marked and listed at /misroutes.",
              "/etc/sluice/aks-proxy-config.json"})
          .switch_off());
  out.push_back(scalar(
      "misroutes.fqdn", m.fqdn, host_name_or_none(),
      {"The API server's name, which AKS adds to noProxy.", "demo-1a2b.hcp.westeurope.azmk8s.io"}));
  range("misroutes.pod_cidrs", m.pod_cidrs, "The pods' ranges, which AKS adds to noProxy.");
  range("misroutes.service_cidrs", m.service_cidrs, "The services' ranges, likewise.");
  range("misroutes.vnet_cidrs", m.vnet_cidrs, "The virtual network's ranges, likewise.");
  range("misroutes.subnet_cidrs", m.subnet_cidrs, "The nodes' subnets, likewise.");
  out.push_back(
      scalar("misroutes.entries", m.entries, count(1, 65'536),
             {"Rows of /misroutes remembered by each worker; the least recent make room.", "512"}));
  out.push_back(scalar("learn.file", l.file, file_or_off(),
                       {"Where destinations are recorded, for `sluice aks learn`, or off.",
                        "/var/lib/sluice/learned.json"})
                    .switch_off());
  out.push_back(scalar("learn.interval", l.interval, duration(100ms, kDay),
                       {"How often the file is written, besides at the end.", "60s"}));
  out.push_back(scalar(
      "learn.destinations", l.destinations, count(1, 100'000),
      {"Destinations recorded; those that make room for others are counted as dropped.", "10000"}));
}

}  // namespace config
