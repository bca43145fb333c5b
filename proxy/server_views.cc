// What the admin side shows of the server. Called from the admin thread.
#include <nlohmann/json.hpp>

#include "base/escape.h"
#include "base/text_format.h"
#include "base/version.h"
#include "proxy/admin/metrics.h"
#include "proxy/collect.h"
#include "proxy/server.h"

namespace proxy {
namespace {

nlohmann::ordered_json to_json(const Shown& row) {
  return {{"id", row.id},
          {"client", row.client.to_string()},
          {"state", name_of(row.stage)},
          {"method", base::printable(row.method)},
          {"target", base::printable(row.target)},
          {"rule", row.rule},
          {"bytes_in", row.bytes_in},
          {"bytes_out", row.bytes_out},
          {"age_ms", row.age.count()}};
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
  facts.version = base::version();
  base::TextFormat out;
  admin::write_metrics(out, counters, facts);
  observatory_.write_metrics(out);
  return std::move(out).text();
}

std::string Server::sessions_json() {
  using Rows = std::vector<Shown>;
  auto out = nlohmann::ordered_json::array();
  for (const Rows& rows : collect<Rows>(workers_, [](Worker& worker) { return worker.rows(); })) {
    for (const Shown& row : rows) out.push_back(to_json(row));
  }
  return out.dump(2) + "\n";
}

}  // namespace proxy
