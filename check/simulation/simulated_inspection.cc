#include "check/simulation/simulated_inspection.h"

#include <chrono>

#include "base/clock.h"
#include "base/file.h"
#include "check/simulation/inspection_cases.h"
#include "tls/authority_files.h"

namespace check {

base::Result<tls::Authority> turn_on_inspection(const World& world, const std::string& region,
                                                const std::string& folder, config::Config& config) {
  constexpr std::chrono::hours kDay{24};
  const base::WallTime now = base::wall_now();
  auto authority = tls::Authority::create({"Simulated Inspection CA", now - kDay, now + 30 * kDay});
  if (!authority) return authority;
  config::Tls& tls = config.tls;
  tls.ca_certificate = folder + "/inspection-ca.pem";
  tls.ca_key = folder + "/inspection-ca.key";
  const auto saved = tls::save_authority({tls.ca_certificate, tls.ca_key}, *authority);
  if (!saved) return base::fail(saved.error());
  const std::string roots = folder + "/origin-roots.pem";
  const auto written =
      base::create_file(roots, world.public_root().certificate().pem(), base::FileAccess::kAll);
  if (!written) return base::fail(written.error());
  tls.origin_roots = {roots};
  tls.connect = config::Connect::kInspect;
  tls.pinned = config::Uninspected::kTunnel;
  tls.passthrough = {kListedName};
  tls.force = {forced_api_server(region)};
  config.policy.connect_ports.push_back(world.asking_tls().port);
  for (config::Rule& rule : config.policy.rules) rule.ports.push_back(world.asking_tls().port);
  return authority;
}

}  // namespace check
