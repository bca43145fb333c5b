#include "proxy/origin_stock.h"

#include <algorithm>
#include <utility>

namespace proxy {
namespace {

// Idle connections to origins that one client connection may have for itself.
constexpr std::uint32_t kMaxOwnOrigins = 4;

// Whether whom the origin was verified to be still holds: by the authorities that are believed now.
bool is_believed(const OriginConnection& connection, const Runtime& now) {
  return !connection.secured || connection.runtime->tls == now.tls;
}

}  // namespace

std::unique_ptr<OriginConnection> OriginStock::take(const std::string& key,
                                                    const OriginPool::Fits& fits) {
  const Runtime& now = *caller_.runtime;
  const void* snapshot = now.generation.get();
  const auto both = [&](const OriginConnection& kept) {
    return is_believed(kept, now) && fits(kept);
  };
  std::unique_ptr<OriginConnection> taken;
  if (own_ != nullptr) taken = own_->take(key, snapshot, both);
  if (taken == nullptr) taken = tools_.origins.take(key, snapshot, both);
  return taken;
}

void OriginStock::put(const std::string& key, std::unique_ptr<OriginConnection> connection) {
  connection->place.leave();
  // One of an older configuration would be found by nobody, or wrongly.
  if (connection->runtime->generation != caller_.runtime->generation) return;
  if (!is_believed(*connection, *caller_.runtime)) return;
  const void* snapshot = caller_.runtime->generation.get();
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
