// What the webhook shows: POST /mutate, and GET /livez, /healthz, /readyz and /metrics, over TLS;
// and beside it, without TLS, the probes alone.
#pragma once

#include <atomic>

#include "aks/webhook/metrics.h"
#include "aks/webhook/settings.h"
#include "http1/site.h"

namespace aks::webhook {

// From here on reviews are answered one at a time: as values they take several times their length.
inline constexpr std::size_t kLargeReview = 256 * 1024;
// Octets of reviews that all connections together may hold.
inline constexpr std::size_t kMaxHeldReviews = 64 * 1024 * 1024;

class Desk final : public http1::Site {
 public:
  // Both outlive it.
  Desk(const LiveSettings& settings, Metrics& metrics) : settings_(settings), metrics_(metrics) {}

  net::Task<std::unique_ptr<net::Stream>> enter(std::unique_ptr<net::Socket> socket,
                                                base::Instant deadline) override;
  std::optional<http::Reply> at_once(const http1::Request& request) override;
  http::Reply answer(const http1::Request& request) override;
  http::Reply refuse(int status, std::string_view sentence) override;
  void on_connections(std::size_t open) override { open_ = open; }

  void drain() { draining_ = true; }
  bool draining() const { return draining_; }

 private:
  const LiveSettings& settings_;
  Metrics& metrics_;
  std::atomic<bool> draining_{false};
  std::atomic<std::size_t> open_{0};  // connections
};

// /livez and /readyz for kubelets, which need no certificate and wait for nobody who speaks TLS.
class Probes final : public http1::Site {
 public:
  explicit Probes(const Desk& desk) : desk_(desk) {}

  std::optional<http::Reply> at_once(const http1::Request& request) override;
  http::Reply answer(const http1::Request& request) override;
  http::Reply refuse(int status, std::string_view sentence) override;

 private:
  const Desk& desk_;
};

}  // namespace aks::webhook
