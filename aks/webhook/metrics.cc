#include "aks/webhook/metrics.h"

#include "base/text_format.h"

namespace aks::webhook {
namespace {

using base::MetricType;

std::uint64_t seconds_since_epoch(base::WallTime time) {
  using std::chrono::seconds;
  const auto since = std::chrono::duration_cast<seconds>(time.time_since_epoch()).count();
  return since < 0 ? 0 : static_cast<std::uint64_t>(since);
}

}  // namespace

void Metrics::count(AdmissionOutcome outcome, std::chrono::microseconds took) {
  ++outcomes_[static_cast<std::size_t>(outcome)];
  review_us_ += static_cast<std::uint64_t>(took.count());
}

void Metrics::count(File file, Reload reload) {
  ++reloads_[static_cast<std::size_t>(file)][static_cast<std::size_t>(reload)];
}

std::string Metrics::text(std::uint64_t open, base::WallTime not_after) const {
  base::TextFormat out;
  out.family("sluice_webhook_reviews_total", MetricType::kCounter,
             "Admission reviews, by outcome.");
  for (std::size_t i = 0; i < outcomes_.size(); ++i) {
    out.sample("outcome", token_of(static_cast<AdmissionOutcome>(i)), outcomes_[i]);
  }
  out.single("sluice_webhook_review_seconds_total", MetricType::kCounter,
             "Time spent on reviews once they had arrived.", base::TextFormat::seconds(review_us_));
  for (const Reload reload : {Reload::kDone, Reload::kFailed}) {
    const bool done = reload == Reload::kDone;
    out.family(done ? "sluice_webhook_reloads_total" : "sluice_webhook_failed_reloads_total",
               MetricType::kCounter,
               done ? "Files read again after a change." : "Changed files that were wrong.");
    for (const File file : {File::kConfig, File::kCertificate}) {
      out.sample("file", file == File::kConfig ? "config" : "certificate",
                 reloads_[static_cast<std::size_t>(file)][static_cast<std::size_t>(reload)]);
    }
  }
  out.single("sluice_webhook_connections", MetricType::kGauge, "Connections now.", open);
  out.single("sluice_webhook_connections_total", MetricType::kCounter, "Connections accepted.",
             connections_);
  out.single("sluice_webhook_failed_handshakes_total", MetricType::kCounter,
             "Connections that did not get through the TLS handshake.", failed_handshakes_);
  out.single("sluice_webhook_certificate_not_after_seconds", MetricType::kGauge,
             "When the certificate in use expires, in seconds since 1970.",
             seconds_since_epoch(not_after));
  return std::move(out).text();
}

}  // namespace aks::webhook
