#include "tls/leaf_cache.h"

#include <algorithm>

#include "tls/leaf_server.h"

namespace tls {
namespace {

constexpr size_t kLeastCapacity = 4;
// New names keep a quarter of the room, so that a name in use among many gets there in time.
constexpr size_t most_in_use(size_t capacity) { return capacity / 4 * 3; }

}  // namespace

LeafCache::LeafCache(std::shared_ptr<const LeafIssuer> issuer, size_t capacity)
    : issuer_(std::move(issuer)), capacity_(std::max(capacity, kLeastCapacity)) {
  by_name_.reserve(capacity_);
}

void LeafCache::use(std::shared_ptr<const LeafIssuer> issuer) {
  if (issuer == issuer_) return;
  issuer_ = std::move(issuer);
  // Nothing settled will be shown again; a name that nobody asks for any more must not keep a
  // place.
  for (Entries* const queue : {&new_, &in_use_}) {
    for (Entry& entry : *queue) {
      if (!entry.leaf->context) continue;
      Leaf plain = *entry.leaf;
      plain.context.reset();
      replace(entry, std::make_shared<const Leaf>(std::move(plain)));
    }
  }
}

bool LeafCache::is_fresh(const Entry& entry, const Validity& origin, base::WallTime now) const {
  const Leaf& leaf = *entry.leaf;
  // Taken of its whole time, a tenth would be nothing for a leaf that an origin's end cut short.
  const base::WallTime renew_at = leaf.not_after - (leaf.not_after - leaf.made_at) / 10;
  return entry.issuer == issuer_ && leaf.not_before <= now && now < renew_at &&
         origin.from <= leaf.not_before && leaf.not_after <= origin.until;
}

base::Result<std::shared_ptr<const Leaf>> LeafCache::mint(const PeerName& name,
                                                          const Validity& origin,
                                                          base::WallTime now) {
  auto leaf = issuer_->issue(name, origin, now);
  if (leaf) ++counts_.minted;
  return leaf;
}

base::Result<std::shared_ptr<const Leaf>> LeafCache::leaf_for(const PeerName& name,
                                                              const Validity& origin,
                                                              base::WallTime now) {
  std::string key = name.text();
  const auto found = by_name_.find(key);
  if (found == by_name_.end()) {
    auto leaf = mint(name, origin, now);
    if (leaf) insert(std::move(key), *leaf, Queue::kNew);
    return leaf;
  }
  const Entries::iterator entry = found->second;
  if (is_fresh(*entry, origin, now)) {
    ++counts_.hits;
    ++entry->hits;
  } else {
    auto leaf = mint(name, origin, now);
    if (!leaf) return leaf;
    replace(*entry, std::move(*leaf));
    entry->issuer = issuer_;
    entry->hits = 0;
  }
  if (entry->hits >= kSettledAfter && !entry->leaf->context && settled_ < kMostSettled) {
    settle(*entry);
  }
  std::shared_ptr<const Leaf> leaf = entry->leaf;
  move_to_front(entry, Queue::kInUse);
  return leaf;
}

size_t LeafCache::warm(std::span<const PeerName> names, base::WallTime now) {
  size_t warmed = 0;
  for (const PeerName& name : names.first(std::min(names.size(), capacity_ / 2))) {
    std::string key = name.text();
    if (!by_name_.contains(key)) {
      auto leaf = mint(name, {}, now);
      if (!leaf) continue;
      insert(std::move(key), std::move(*leaf), Queue::kInUse);
    }
    ++warmed;
  }
  return warmed;
}

void LeafCache::insert(std::string key, std::shared_ptr<const Leaf> leaf, Queue queue) {
  Entries& queued = entries(queue);
  queued.push_front({key, std::move(leaf), issuer_, queue});
  by_name_.emplace(std::move(key), queued.begin());
  make_room();
}

void LeafCache::replace(Entry& entry, std::shared_ptr<const Leaf> leaf) {
  if (entry.leaf->context) --settled_;
  if (leaf->context) ++settled_;
  entry.leaf = std::move(leaf);
}

// Where that fails, the leaf serves as it is, and has another chance later.
void LeafCache::settle(Entry& entry) {
  auto settled = LeafServer::settle(*entry.leaf);
  if (!settled) {
    entry.hits = 0;
    return;
  }
  replace(entry, std::move(*settled));
}

void LeafCache::move_to_front(Entries::iterator entry, Queue queue) {
  Entries& to = entries(queue);
  to.splice(to.begin(), entries(entry->queue), entry);
  entry->queue = queue;
  make_room();
}

void LeafCache::make_room() {
  // The one that has gone unused longest gets a second chance among the new ones.
  if (in_use_.size() > most_in_use(capacity_)) {
    in_use_.back().queue = Queue::kNew;
    new_.splice(new_.begin(), in_use_, std::prev(in_use_.end()));
  }
  if (by_name_.size() <= capacity_) return;
  if (new_.back().leaf->context) --settled_;
  by_name_.erase(new_.back().key);
  new_.pop_back();
  ++counts_.evicted;
}

}  // namespace tls
