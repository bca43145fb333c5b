#include "net/dns/cache.h"

#include <algorithm>

namespace net::dns {

const Outcome* Cache::find(std::string_view name, base::Instant now) {
  const auto found = index_.find(name);
  if (found == index_.end()) return nullptr;
  const Entries::iterator entry = found->second;
  if (entry->expires <= now) {
    erase(entry);
    return nullptr;
  }
  entries_.splice(entries_.begin(), entries_, entry);
  return &entry->outcome;
}

void Cache::store(std::string_view name, const Outcome& outcome, base::Instant now) {
  if (const auto found = index_.find(name); found != index_.end()) erase(found->second);
  const base::Millis life = lifetime(outcome);
  if (limits_.entries == 0 || life <= base::Millis(0)) return;
  while (entries_.size() >= limits_.entries) erase(std::prev(entries_.end()));
  entries_.push_front({std::string(name), outcome, now + life});
  Entry& entry = entries_.front();
  if (entry.outcome.addresses.size() > kMaxAddresses) entry.outcome.addresses.resize(kMaxAddresses);
  index_.emplace(entry.name, entries_.begin());
}

base::Millis Cache::lifetime(const Outcome& outcome) const {
  switch (outcome.verdict) {
    case Verdict::kAddresses:
      // The lower bound wins if the two contradict each other.
      return std::max(limits_.min_ttl,
                      std::min<base::Millis>(limits_.max_ttl, std::chrono::seconds(outcome.ttl)));
    case Verdict::kNotFound:
    case Verdict::kNoAddress: return limits_.negative_ttl;
    case Verdict::kServerFailure:
    case Verdict::kChainTooLong:
    case Verdict::kRefused:
    case Verdict::kTimeout:
    case Verdict::kUnreachable: break;
  }
  return std::min(limits_.negative_ttl, kFailureTtl);
}

void Cache::erase(Entries::iterator entry) {
  index_.erase(entry->name);
  entries_.erase(entry);
}

}  // namespace net::dns
