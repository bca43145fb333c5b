// Leaves that were made before, so that a name costs a signature once in days.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>

#include "tls/leaf_issuer.h"

namespace tls {

// A worker's leaves, used by its thread alone: no locks. Minting is synchronous, so no two sessions
// of a worker ever mint for the same name at once.
//
// Bounded, with two queues, least recently used first to go. A new name goes into the first, and
// only what is asked for again while it is there moves to the second. A flood of names that nobody
// asks for twice pushes out its like and no name in use.
//
// What is asked for often is settled (LeafServer::settle), if fewer than kMostSettled are.
class LeafCache {
 public:
  // At least 4; a leaf takes about 3 KiB.
  static constexpr size_t kDefaultCapacity = 4096;
  // Hits, after which a leaf is in constant use: as many again, and settling has paid for itself.
  static constexpr unsigned kSettledAfter = 32;
  static constexpr size_t kMostSettled = 128;  // 2.3 MiB, beside what connections still hold

  explicit LeafCache(std::shared_ptr<const LeafIssuer> issuer, size_t capacity = kDefaultCapacity);

  // The leaf for `name`, minted when there is none, or when the one at hand was made by an earlier
  // issuer, is in the last tenth of its time, or valid outside `origin`. That is the time of
  // the origin's certificate, which has been verified: nothing for an unverified origin comes into
  // the cache (see LeafIssuer::issue for those). Fails as LeafIssuer::issue.
  base::Result<std::shared_ptr<const Leaf>> leaf_for(const PeerName& name, const Validity& origin,
                                                     base::WallTime now);

  // Mints leaves ahead of the first client, among those in use, up to half of the capacity. Returns
  // how many are there; a name that fails is left for `leaf_for` to explain.
  size_t warm(std::span<const PeerName> names, base::WallTime now);

  // Mints with `issuer` from now on; what earlier ones made is replaced as it is asked for.
  void use(std::shared_ptr<const LeafIssuer> issuer);

  struct Counts {
    std::uint64_t hits = 0;
    std::uint64_t minted = 0;
    std::uint64_t evicted = 0;
  };
  const Counts& counts() const { return counts_; }
  size_t settled() const { return settled_; }
  size_t size() const { return by_name_.size(); }
  size_t capacity() const { return capacity_; }

 private:
  enum class Queue : std::uint8_t { kNew, kInUse };
  struct Entry {
    std::string key;
    std::shared_ptr<const Leaf> leaf;
    std::shared_ptr<const LeafIssuer> issuer;
    Queue queue;
    unsigned hits = 0;  // of this leaf
  };
  using Entries = std::list<Entry>;  // the most recently used first

  Entries& entries(Queue queue) { return queue == Queue::kNew ? new_ : in_use_; }
  bool is_fresh(const Entry& entry, const Validity& origin, base::WallTime now) const;
  base::Result<std::shared_ptr<const Leaf>> mint(const PeerName& name, const Validity& origin,
                                                 base::WallTime now);
  void insert(std::string key, std::shared_ptr<const Leaf> leaf, Queue queue);
  void replace(Entry& entry, std::shared_ptr<const Leaf> leaf);
  void settle(Entry& entry);
  void move_to_front(Entries::iterator entry, Queue queue);
  void make_room();

  std::shared_ptr<const LeafIssuer> issuer_;
  size_t capacity_;
  Entries new_;
  Entries in_use_;  // at most three quarters of the capacity
  std::unordered_map<std::string, Entries::iterator> by_name_;
  size_t settled_ = 0;
  Counts counts_;
};

}  // namespace tls
