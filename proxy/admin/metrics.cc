#include "proxy/admin/metrics.h"

#include <algorithm>
#include <bit>
#include <string_view>

#include "proxy/admin/process_usage.h"

namespace proxy::admin {
namespace {

using base::TextFormat;
using Type = base::MetricType;

using Workers = std::span<const Metrics* const>;
using Member = Counter Metrics::*;

std::uint64_t read(const Counter& counter) { return counter.load(std::memory_order_relaxed); }

std::uint64_t sum(Workers workers, Member member) {
  std::uint64_t total = 0;
  for (const Metrics* worker : workers) total += read(worker->*member);
  return total;
}

template <size_t kSize>
std::uint64_t sum(Workers workers, std::array<Counter, kSize> Metrics::*member, size_t at) {
  std::uint64_t total = 0;
  for (const Metrics* worker : workers) total += read((worker->*member)[at]);
  return total;
}

struct Single {
  std::string_view name;
  Type type;
  std::string_view help;
  Member member;
};

constexpr Single kSingles[] = {
    {"sluice_connections_accepted_total", Type::kCounter, "Client connections accepted.",
     &Metrics::connections_accepted},
    {"sluice_connections_open", Type::kGauge, "Client connections open now.",
     &Metrics::connections_open},
    {"sluice_connections_rejected_total", Type::kCounter,
     "Client connections refused over a limit, before a request was read.",
     &Metrics::connections_rejected},
    {"sluice_accept_pauses_total", Type::kCounter,
     "Times accepting paused for want of file descriptors.", &Metrics::accept_pauses},
    {"sluice_proxy_header_failures_total", Type::kCounter,
     "Connections of proxy_protocol.from closed for want of a PROXY header.",
     &Metrics::proxy_header_failures},
    {"sluice_tunnels_open", Type::kGauge, "CONNECT tunnels and upgraded connections open now.",
     &Metrics::tunnels_open},
    {"sluice_denied_total", Type::kCounter, "Requests that policy denied.", &Metrics::denied},
    {"sluice_would_deny_total", Type::kCounter,
     "Requests that policy would have denied, let through because policy.enforce is report.",
     &Metrics::would_deny},
    {"sluice_client_received_bytes_total", Type::kCounter,
     "Bytes received from clients, counted when a request or tunnel ends.",
     &Metrics::bytes_from_client},
    {"sluice_client_sent_bytes_total", Type::kCounter,
     "Bytes sent to clients, counted when a request or tunnel ends.", &Metrics::bytes_to_client},
    {"sluice_dns_queries_total", Type::kCounter, "Names that a name server answered.",
     &Metrics::dns_queries},
    {"sluice_dns_cache_hits_total", Type::kCounter, "Names answered from the cache.",
     &Metrics::dns_cache_hits},
    {"sluice_dns_failures_total", Type::kCounter, "Names that could not be resolved.",
     &Metrics::dns_failures},
    {"sluice_origin_connects_total", Type::kCounter, "Connections opened to origins.",
     &Metrics::origin_connects},
    {"sluice_origin_connect_failures_total", Type::kCounter,
     "Origins that no connection could be opened to.", &Metrics::origin_connect_failures},
    {"sluice_origin_reuses_total", Type::kCounter, "Requests sent on a pooled origin connection.",
     &Metrics::origin_reuses},
    {"sluice_origin_idle_connections", Type::kGauge, "Pooled origin connections idle now.",
     &Metrics::origin_idle},
    {"sluice_origin_tls_failures_total", Type::kCounter,
     "TLS handshakes with origins that failed, of inspected tunnels.",
     &Metrics::origin_tls_failures},
    {"sluice_inspected_tunnels_total", Type::kCounter,
     "Tunnels whose client accepted the certificate made for it.", &Metrics::inspected},
    {"sluice_inspections_rejected_total", Type::kCounter,
     "Tunnels whose client rejected that certificate.", &Metrics::inspections_rejected},
};

constexpr std::string_view kKinds[kSessionKinds] = {"tunnel", "forward", "none"};
constexpr std::string_view kClasses[] = {"none", "1xx", "2xx", "3xx", "4xx", "5xx"};

void write_labelled(TextFormat& out, Workers workers) {
  out.family("sluice_requests_total", Type::kCounter,
             "Requests by kind; none is for those that could not be read.");
  for (size_t i = 0; i < kSessionKinds; ++i) {
    out.sample("kind", kKinds[i], sum(workers, &Metrics::requests, i));
  }
  out.family("sluice_responses_total", Type::kCounter,
             "Final responses by class of status; none is for sessions that ended without one.");
  for (size_t i = 0; i < std::size(kClasses); ++i) {
    out.sample("class", kClasses[i], sum(workers, &Metrics::responses, i));
  }
  out.family("sluice_errors_total", Type::kCounter,
             "Sessions that did not end well, by cause; the access log uses the same words.");
  for (size_t i = 0; i < kErrorCodes; ++i) {
    out.sample("cause", base::token_of(static_cast<base::ErrorCode>(i)),
               sum(workers, &Metrics::errors, i));
  }
}

void write_lints(TextFormat& out, Workers workers) {
  out.family("sluice_lints_total", Type::kCounter,
             "Requests and responses of which something was put right, by what it was.");
  for (unsigned i = 0; i < http::kLints; ++i) {
    out.sample("lint", http::token_of(static_cast<http::Lint>(i)),
               sum(workers, &Metrics::lints, i));
  }
}

void write_histogram(TextFormat& out, Workers workers, std::string_view name, std::string_view help,
                     Histogram Metrics::*member) {
  out.family(name, Type::kHistogram, help);
  std::uint64_t count = 0;
  for (size_t i = 0; i < Histogram::kBuckets; ++i) {
    for (const Metrics* worker : workers) count += read((worker->*member).buckets[i]);
    const bool last = i + 1 == Histogram::kBuckets;
    out.bucket(last ? "+Inf" : TextFormat::seconds(std::uint64_t{1000} << i), count);
  }
  std::uint64_t sum_us = 0;
  for (const Metrics* worker : workers) sum_us += read((worker->*member).sum_us);
  out.sum_and_count(TextFormat::seconds(sum_us), count);
}

void write_facts(TextFormat& out, Workers workers, const ProcessFacts& facts) {
  out.family("sluice_build_info", Type::kGauge, "Always 1; the version is in the label.");
  out.sample("version", facts.version, 1);
  out.single("sluice_workers", Type::kGauge, "Worker threads.", workers.size());
  out.single("sluice_draining", Type::kGauge, "1 while the proxy drains before it stops.",
             facts.draining ? 1 : 0);
  out.single("sluice_log_dropped_total", Type::kCounter,
             "Access records lost: the log could not be written, or not fast enough.",
             facts.log_dropped);
  out.family("sluice_reloads_total", Type::kCounter, "Reloads of the configuration by result.");
  out.sample("result", "ok", facts.reloads_ok);
  out.sample("result", "failed", facts.reloads_failed);
}

}  // namespace

void Histogram::observe(std::uint64_t us) {
  const std::uint64_t ms = us / 1000 + (us % 1000 != 0 ? 1 : 0);
  const auto bucket = ms <= 1 ? size_t{0} : static_cast<size_t>(std::bit_width(ms - 1));
  bump(buckets[std::min(bucket, kBuckets - 1)]);
  bump(sum_us, us);
}

void write_metrics(TextFormat& out, Workers workers, const ProcessFacts& facts) {
  write_facts(out, workers, facts);
  for (const Single& row : kSingles) {
    out.single(row.name, row.type, row.help, sum(workers, row.member));
  }
  write_labelled(out, workers);
  write_lints(out, workers);
  write_histogram(out, workers, "sluice_dns_seconds",
                  "Time until a name server answered; cache hits are left out.",
                  &Metrics::dns_time);
  write_histogram(out, workers, "sluice_connect_seconds",
                  "Time to open a connection to an origin, all attempts together.",
                  &Metrics::connect_time);
  write_histogram(out, workers, "sluice_first_byte_seconds",
                  "Time from the request sent to the first byte of the response.",
                  &Metrics::first_byte_time);
  write_process_usage(out, read_process_usage());
}

}  // namespace proxy::admin
