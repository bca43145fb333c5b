#include "proxy/origin_pool.h"

#include <algorithm>

namespace proxy {
namespace {

// Alive means silent: an end or octets that nobody asked for are there to be peeked at.
bool is_silent(Connection& connection) {
  return !connection.stream().has_buffered() &&
         connection.carrier().peek().kind == net::IoResult::Kind::kWouldBlock;
}

}  // namespace

OriginPool::~OriginPool() { clear(); }

std::unique_ptr<OriginConnection> OriginPool::take(const std::string& authority,
                                                   const void* snapshot, const Fits& fits) {
  const auto found = by_authority_.find(authority);
  if (found == by_authority_.end()) return nullptr;
  const Same& same = found->second;
  for (size_t i = same.size(); i-- > 0;) {
    const Idle& idle = *same[i];
    if (idle.snapshot != snapshot || idle.until <= loop_.now() || !fits(*idle.connection)) continue;
    const bool is_only = same.size() == 1;
    if (auto connection = take_out(same[i])) return connection;
    if (is_only) return nullptr;  // its authority is gone
  }
  return nullptr;
}

std::unique_ptr<OriginConnection> OriginPool::take_out(All::iterator entry) {
  auto connection = std::move(entry->connection);
  drop(entry);  // and with the only one its authority
  if (!is_silent(connection->connection)) return nullptr;
  connection->age = OriginConnection::Age::kReused;
  admin::bump(metrics_.origin_reuses);
  return connection;
}

void OriginPool::put(const std::string& authority, const void* snapshot,
                     std::unique_ptr<OriginConnection> connection, const Limits& limits) {
  if (keeping_ == Keeping::kOver || limits.per_origin == 0 || limits.total == 0) return;
  const auto found = by_authority_.find(authority);
  if (found != by_authority_.end() && found->second.size() >= limits.per_origin) {
    drop(found->second.front());
  } else if (idle_.size() >= limits.total) {
    drop(idle_.begin());
  }
  const base::Instant until = loop_.now() + limits.idle;
  ByAuthority::value_type& own = *by_authority_.try_emplace(authority).first;
  own.second.push_back(idle_.insert(idle_.end(), {&own, snapshot, std::move(connection), until,
                                                  admin::Counted(metrics_.origin_idle)}));
  sweep_pause_ = limits.idle / 16;
  // Later than the next sweep, unless a reload has shortened the time.
  if (!armed() || until < sweep_at_) sweep_at(until);
}

void OriginPool::clear() {
  while (!idle_.empty()) drop(idle_.begin());
}

void OriginPool::close() {
  keeping_ = Keeping::kOver;
  clear();
}

OriginPool::All::iterator OriginPool::drop(All::iterator entry) {
  Same& same = entry->authority->second;
  same.erase(std::find(same.begin(), same.end(), entry));
  if (same.empty()) by_authority_.erase(by_authority_.find(entry->authority->first));
  return idle_.erase(entry);
}

void OriginPool::sweep_at(base::Instant when) {
  sweep_at_ = when;
  loop_.arm(*this, when);
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
  if (!idle_.empty()) sweep_at(std::max(next, now + sweep_pause_));
}

}  // namespace proxy
