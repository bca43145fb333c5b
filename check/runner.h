// Runs the probes of a plan, some at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "check/context.h"
#include "check/plan.h"
#include "check/probe_result.h"

namespace check {

// Runs every probe on the context's loop, `at_once` of them side by side, and returns when all have
// ended: results in the order of `probes`. `each` is called with every result as it comes.
std::vector<ProbeResult> run_probes(const ProbeContext& context, const std::vector<Probe>& probes,
                                    size_t at_once,
                                    const std::function<void(const ProbeResult&)>& each);

}  // namespace check
