// What the admin side shows of the server. Called from the admin thread.
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>

#include "base/escape.h"
#include "proxy/admin/metrics.h"
#include "proxy/server.h"
#include "proxy/version.h"

namespace proxy {
namespace {

constexpr std::chrono::seconds kCollectLimit{1};

// Filled by the workers' threads; shared with them, so that a worker that answers late finds it
// alive.
struct Collected {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Session::Snapshot> snapshots;
  size_t answers = 0;
};

nlohmann::ordered_json to_json(const Session::Snapshot& snapshot) {
  return {{"id", snapshot.id},
          {"client", snapshot.client.to_string()},
          {"state", name_of(snapshot.state)},
          {"method", base::printable(snapshot.method)},
          {"target", base::printable(snapshot.target)},
          {"rule", snapshot.rule},
          {"bytes_in", snapshot.bytes_in},
          {"bytes_out", snapshot.bytes_out},
          {"age_ms", snapshot.age.count()}};
}

}  // namespace

std::string Server::metrics_text() const {
  std::vector<const admin::Metrics*> counters;
  counters.reserve(workers_.size());
  for (const auto& worker : workers_) counters.push_back(&worker->metrics());
  admin::ProcessFacts facts;
  facts.log_dropped = shared_.access_log == nullptr ? 0 : shared_.access_log->dropped();
  facts.reloads_ok = reloads_ok_.load(std::memory_order_relaxed);
  facts.reloads_failed = reloads_failed_.load(std::memory_order_relaxed);
  facts.draining = draining_.load(std::memory_order_relaxed);
  facts.version = kVersion;
  return admin::prometheus_text(counters, facts);
}

std::string Server::sessions_json() {
  const auto collected = std::make_shared<Collected>();
  for (const auto& worker : workers_) {
    worker->collect([collected](std::vector<Session::Snapshot> snapshots) {
      const std::lock_guard lock(collected->mutex);
      for (auto& snapshot : snapshots) collected->snapshots.push_back(std::move(snapshot));
      ++collected->answers;
      collected->changed.notify_one();
    });
  }
  std::unique_lock lock(collected->mutex);
  collected->changed.wait_for(lock, kCollectLimit,
                              [&] { return collected->answers == workers_.size(); });
  auto out = nlohmann::ordered_json::array();
  for (const Session::Snapshot& snapshot : collected->snapshots) out.push_back(to_json(snapshot));
  return out.dump(2) + "\n";
}

}  // namespace proxy
