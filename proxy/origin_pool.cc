#include "proxy/origin_pool.h"

#include <algorithm>
#include <iterator>

namespace proxy {
namespace {

// Alive means silent: an end or octets that nobody asked for are there to be peeked at.
bool is_silent(Connection& connection) {
  return !connection.stream().has_buffered() &&
         connection.carrier().peek().kind == net::IoResult::Kind::kWouldBlock;
}

}  // namespace

OriginPool::~OriginPool() { clear(); }

template <typename Fits>
std::unique_ptr<OriginConnection> OriginPool::take_last(Fits fits) {
  for (auto entry = idle_.end(); entry != idle_.begin();) {
    --entry;
    if (!fits(*entry)) continue;
    auto connection = std::move(entry->connection);
    entry = drop(entry);
    if (!is_silent(connection->connection)) continue;
    connection->age = OriginConnection::Age::kReused;
    admin::bump(metrics_.origin_reuses);
    return connection;
  }
  return nullptr;
}

std::unique_ptr<OriginConnection> OriginPool::take(const std::string& authority,
                                                   const void* snapshot) {
  return take_last(
      [&](const Idle& idle) { return idle.snapshot == snapshot && idle.authority == authority; });
}

std::unique_ptr<OriginConnection> OriginPool::take(const std::string& authority,
                                                   const void* snapshot,
                                                   const tls::PeerName& peer) {
  return take_last([&](const Idle& idle) {
    return idle.snapshot == snapshot && idle.authority == authority && idle.connection->secured &&
           idle.connection->secured->peer == peer;
  });
}

void OriginPool::put(const std::string& authority, const void* snapshot,
                     std::unique_ptr<OriginConnection> connection, const Limits& limits) {
  if (limits.per_origin == 0 || limits.total == 0) return;
  const auto same = [&](const Idle& idle) {
    return idle.snapshot == snapshot && idle.authority == authority;
  };
  if (static_cast<std::uint32_t>(std::count_if(idle_.begin(), idle_.end(), same)) >=
      limits.per_origin) {
    drop(std::find_if(idle_.begin(), idle_.end(), same));
  } else if (idle_.size() >= limits.total) {
    drop(idle_.begin());
  }
  idle_.push_back({authority, snapshot, std::move(connection), loop_.now() + limits.idle});
  admin::bump(metrics_.origin_idle);
  if (!armed()) loop_.arm(*this, idle_.back().until);
}

void OriginPool::clear() {
  while (!idle_.empty()) drop(idle_.begin());
}

OriginPool::List::iterator OriginPool::drop(List::iterator entry) {
  metrics_.origin_idle.fetch_sub(1, std::memory_order_relaxed);
  return idle_.erase(entry);
}

void OriginPool::on_timer() {
  const base::Instant now = loop_.now();
  base::Instant next = base::kNever;
  for (auto entry = idle_.begin(); entry != idle_.end();) {
    if (entry->until <= now || !is_silent(entry->connection->connection)) {
      entry = drop(entry);
    } else {
      next = std::min(next, entry->until);
      ++entry;
    }
  }
  loop_.arm(*this, next);
}

}  // namespace proxy
