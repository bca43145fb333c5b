#include "bench/load/report.h"

#include <nlohmann/json.hpp>

namespace load {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::nanoseconds;

double seconds(nanoseconds time) { return std::chrono::duration<double>(time).count(); }
double micros(nanoseconds time) { return std::chrono::duration<double, std::micro>(time).count(); }

Json latency(const Histogram& histogram) {
  return {{"p50", micros(histogram.quantile(0.5))},  {"p90", micros(histogram.quantile(0.9))},
          {"p99", micros(histogram.quantile(0.99))}, {"p999", micros(histogram.quantile(0.999))},
          {"max", micros(histogram.max())},          {"mean", micros(histogram.mean())}};
}

Json cpu(nanoseconds used, const Outcome& outcome) {
  Json figures = {{"seconds", seconds(used)}};
  if (outcome.done > 0) figures["us_per_op"] = micros(used) / static_cast<double>(outcome.done);
  if (outcome.body_octets > 0) {
    figures["s_per_gb"] = seconds(used) / static_cast<double>(outcome.body_octets) * 1e9;
  }
  return figures;
}

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json idle(const IdleFigures& figures) {
  Json json = {{"tunnels", figures.tunnels},
               {"failed", figures.failed},
               {"failures", figures.failures},
               {"pss_before_kib", or_null(figures.pss_before_kib)},
               {"pss_kib", or_null(figures.pss_kib)}};
  if (figures.pss_before_kib && figures.pss_kib) {
    const auto grown =
        static_cast<double>(*figures.pss_kib) - static_cast<double>(*figures.pss_before_kib);
    json["kib_per_tunnel"] = grown / static_cast<double>(figures.tunnels);
  }
  return json;
}

}  // namespace

std::string to_json(const Report& report, const Options& options) {
  const Outcome& outcome = report.outcome;
  Json json = {{"mode", name_of(report.mode)},
               {"proxy", options.proxy.to_string()},
               {"loop", report.rate > 0 ? "open" : "closed"},
               {"lanes", report.lanes},
               {"ops", outcome.done},
               {"failed", report.failed()},
               {"failures", outcome.failures},
               {"warm_up_failed", report.warm_up_failed},
               {"seconds", seconds(outcome.took)}};
  if (report.rate > 0) {
    json["rate"] = report.rate;
    json["overdue"] = outcome.overdue;
  }
  if (outcome.done > 0) {
    json["ops_per_s"] = static_cast<double>(outcome.done) / seconds(outcome.took);
    json["body_octets"] = outcome.body_octets;
    json["mb_per_s"] = static_cast<double>(outcome.body_octets) / 1e6 / seconds(outcome.took);
    json["reconnects"] = outcome.reconnects;
    json["latency_us"] = latency(outcome.latency);
    // In a closed loop a stalled lane sends nothing: what it would have sent, had it gone on at its
    // usual pace, is put back here. An open loop counts from when operations were due and needs
    // none.
    const auto pace = outcome.latency.quantile(0.5);
    if (report.rate == 0 && pace > nanoseconds(0)) {
      json["latency_corrected_us"] = latency(outcome.latency.corrected(pace));
    }
  }
  json["proxy_cpu"] = report.proxy_cpu ? cpu(*report.proxy_cpu, outcome) : Json(nullptr);
  json["machine_cpu"] = cpu(report.machine_cpu, outcome);
  json["pss_kib"] = or_null(report.pss_kib);
  if (report.idle.tunnels > 0) json["idle"] = idle(report.idle);
  return json.dump();
}

}  // namespace load
