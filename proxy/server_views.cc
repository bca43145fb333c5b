// What the admin side shows of the server. Called from the admin thread.
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/escape.h"
#include "base/version.h"
#include "proxy/admin/metrics.h"
#include "proxy/collect.h"
#include "proxy/server.h"

namespace proxy {
namespace {

struct MisrouteView {
  std::vector<std::string> no_proxy;
  std::vector<MisrouteRow> rows;
  std::uint64_t evicted = 0;
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
  if (learner_ != nullptr) {
    facts.learned_destinations = learner_->destinations();
    facts.learn_dropped = learner_->dropped();
  }
  facts.draining = draining_.load(std::memory_order_relaxed);
  facts.version = base::version();
  return admin::prometheus_text(counters, facts);
}

std::string Server::sessions_json() {
  using Snapshots = std::vector<Session::Snapshot>;
  auto out = nlohmann::ordered_json::array();
  for (const Snapshots& snapshots :
       collect<Snapshots>(workers_, [](Worker& worker) { return worker.snapshots(); })) {
    for (const Session::Snapshot& snapshot : snapshots) out.push_back(to_json(snapshot));
  }
  return out.dump(2) + "\n";
}

std::string Server::misroutes_json() {
  MisrouteView sum;
  for (MisrouteView& view : collect<MisrouteView>(workers_, [](Worker& worker) {
         return MisrouteView{worker.runtime().config.misroutes.no_proxy, worker.misroutes().rows(),
                             worker.misroutes().evicted()};
       })) {
    sum.no_proxy = std::move(view.no_proxy);
    std::move(view.rows.begin(), view.rows.end(), std::back_inserter(sum.rows));
    sum.evicted += view.evicted;
  }
  return proxy::misroutes_json(sum.no_proxy, std::move(sum.rows), sum.evicted, kMaxShownRows);
}

}  // namespace proxy
