#include "proxy/origin_stock.h"

#include <algorithm>
#include <utility>

namespace proxy {
namespace {

// Idle connections to origins that one client connection may have for itself.
constexpr std::uint32_t kMaxOwnOrigins = 4;

}  // namespace

std::unique_ptr<OriginConnection> OriginStock::take(const std::string& key,
                                                    const OriginPool::Fits& fits) {
  const void* snapshot = caller_.runtime.get();
  std::unique_ptr<OriginConnection> taken;
  if (own_ != nullptr) taken = own_->take(key, snapshot, fits);
  if (taken == nullptr) taken = tools_.origins.take(key, snapshot, fits);
  return taken;
}

void OriginStock::put(const std::string& key, std::unique_ptr<OriginConnection> connection) {
  connection->place.leave();
  // One of an older configuration would be found by nobody, or wrongly.
  if (connection->runtime != caller_.runtime) return;
  const void* snapshot = caller_.runtime.get();
  const config::Config& config = caller_.runtime->config;
  OriginPool::Limits kept{config.limits.pool_per_origin, config.limits.pool_total,
                          config.timeouts.origin_idle};
  if (connection->sharing == OriginConnection::Sharing::kAnyClient) {
    return tools_.origins.put(key, snapshot, std::move(connection), kept);
  }
  kept.per_origin = std::min(kept.per_origin, kMaxOwnOrigins);
  kept.total = std::min(kept.total, kMaxOwnOrigins);
  if (own_ == nullptr) own_ = std::make_unique<OriginPool>(tools_.loop, tools_.metrics);
  own_->put(key, snapshot, std::move(connection), kept);
}

}  // namespace proxy
