#include "check/runner.h"

#include <algorithm>
#include <memory>

#include "check/probe.h"
#include "net/task.h"

namespace check {
namespace {

// Takes probes off the common list until none is left.
net::Task<void> lane(const ProbeContext& context, const std::vector<Probe>& probes, size_t& next,
                     std::vector<ProbeResult>& results,
                     const std::function<void(const ProbeResult&)>& each) {
  while (next < probes.size()) {
    const size_t index = next++;
    auto running = run_probe(context, probes[index]);
    results[index] = co_await running;
    if (each) each(results[index]);
  }
}

struct Lanes {
  net::Loop& loop;
  size_t running;
  static void on_done(void* self) {
    auto* lanes = static_cast<Lanes*>(self);
    if (--lanes->running == 0) lanes->loop.stop();
  }
};

}  // namespace

std::vector<ProbeResult> run_probes(const ProbeContext& context, const std::vector<Probe>& probes,
                                    size_t at_once,
                                    const std::function<void(const ProbeResult&)>& each) {
  std::vector<ProbeResult> results(probes.size());
  if (probes.empty()) return results;
  size_t next = 0;
  Lanes lanes{context.loop, std::clamp<size_t>(at_once, 1, probes.size())};
  std::vector<net::Task<void>> tasks;
  for (size_t i = 0; i < lanes.running; ++i)
    tasks.push_back(lane(context, probes, next, results, each));
  // Started from inside the loop: a lane that needs no waiting may end at once, and stopping a loop
  // that does not run yet would be forgotten.
  context.loop.defer([&tasks, &lanes] {
    for (auto& task : tasks) task.start(&Lanes::on_done, &lanes);
  });
  context.loop.run();
  return results;
}

}  // namespace check
