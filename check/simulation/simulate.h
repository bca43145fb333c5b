// `sluice check --simulate`: the AKS story on one machine, offline. The real plan, the real probes
// and the real proxy meet a simulated internet; controls that must fail show that failing is
// possible.
#pragma once

#include <functional>

#include "base/result.h"
#include "check/plan.h"
#include "check/report_data.h"

namespace check {

// What the simulated proxy does with tunnels.
enum class Tunnels { kUnread, kInspected };

struct SimulationOptions {
  aks::Query query;  // cloud, region, add-ons; region "" means westeurope
  Tunnels tunnels = Tunnels::kUnread;
  size_t at_once = 16;
  // Told the number of probes once, then every result.
  std::function<void(size_t)> planned{};
  std::function<void(const ProbeResult&)> each{};
};

// Fails when the simulation can't be set up (no free port, say) or the query is wrong; everything
// that the probes find is in the report.
base::Result<Report> simulate(const SimulationOptions& options);

}  // namespace check
