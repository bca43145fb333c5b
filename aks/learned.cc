#include "aks/learned.h"

#include <algorithm>
#include <vector>

namespace aks {
namespace {

std::uint64_t& counter_of(LearnedFacts& facts, LearnedVerdict verdict) {
  switch (verdict) {
    case LearnedVerdict::kAllow: return facts.allowed;
    case LearnedVerdict::kWouldDeny: return facts.would_be_denied;
    case LearnedVerdict::kDeny: return facts.denied;
  }
  return facts.denied;
}

}  // namespace

void LearnedFacts::add_client(const base::IpAddress& client) {
  if (clients.size() < kMaxClients) {
    clients.insert(client);
  } else if (!clients.contains(client)) {
    has_more_clients = true;
  }
}

void LearnedFacts::add(const LearnedFacts& other) {
  allowed += other.allowed;
  would_be_denied += other.would_be_denied;
  denied += other.denied;
  first = std::min(first, other.first);
  last = std::max(last, other.last);
  for (const base::IpAddress& client : other.clients) add_client(client);
  has_more_clients |= other.has_more_clients;
}

// Looks at all destinations, and therefore frees several places.
bool Learned::make_room() {
  if (destinations_.size() < limit_) return true;
  std::map<base::IpAddress, std::size_t> own;
  const auto sole_client = [](const LearnedFacts& facts) {
    return facts.clients.size() == 1 ? &*facts.clients.begin() : nullptr;
  };
  for (const auto& [key, facts] : destinations_) {
    if (const base::IpAddress* client = sole_client(facts)) ++own[*client];
  }
  const auto most = std::max_element(
      own.begin(), own.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  std::vector<Destinations::iterator> leaving;
  for (auto at = destinations_.begin(); at != destinations_.end(); ++at) {
    const base::IpAddress* client = sole_client(at->second);
    if (most == own.end() || (client != nullptr && *client == most->first)) leaving.push_back(at);
  }
  const auto worth = [](const LearnedFacts& facts) {
    return std::tuple(facts.allowed + facts.would_be_denied > 0, facts.count(), facts.last);
  };
  const std::size_t count = std::min(leaving.size(), std::max<std::size_t>(limit_ / 32, 1));
  std::partial_sort(
      leaving.begin(), leaving.begin() + static_cast<std::ptrdiff_t>(count), leaving.end(),
      [&](const auto& a, const auto& b) { return worth(a->second) < worth(b->second); });
  leaving.resize(count);
  for (const auto& at : leaving) {
    dropped_ += at->second.count();
    destinations_.erase(at);
  }
  return destinations_.size() < limit_;
}

void Learned::add(const LearnedRequest& request) {
  const auto view = std::tuple(request.host, request.port, request.method);
  auto found = destinations_.find(view);
  if (found == destinations_.end()) {
    if (!make_room()) {
      ++dropped_;
      return;
    }
    found = destinations_.try_emplace(Key(request.host, request.port, request.method)).first;
    found->second.first = request.time;
    found->second.last = request.time;
  }
  LearnedFacts& facts = found->second;
  ++counter_of(facts, request.verdict);
  facts.first = std::min(facts.first, request.time);
  facts.last = std::max(facts.last, request.time);
  facts.add_client(request.client);
}

bool Learned::add(Key key, const LearnedFacts& facts) {
  const auto found = destinations_.find(key);
  if (found == destinations_.end()) {
    if (!make_room()) {
      dropped_ += facts.count();
      return false;
    }
    destinations_.emplace(std::move(key), facts);
    return true;
  }
  found->second.add(facts);
  return true;
}

void Learned::merge(const Learned& other) {
  for (const auto& [key, facts] : other.destinations_) add(key, facts);
  dropped_ += other.dropped_;
}

}  // namespace aks
