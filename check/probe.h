// Carries out one probe: phase by phase, with a verdict, a reason and a next step.
#pragma once

#include "check/context.h"
#include "check/plan.h"
#include "check/probe_result.h"
#include "net/task.h"

namespace check {

// Never fails: whatever happens is a result. `context` outlives the task.
net::Task<ProbeResult> run_probe(const ProbeContext& context, Probe probe);

}  // namespace check
