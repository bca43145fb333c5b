#include "aks/learned.h"

#include <algorithm>

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

void Learned::add(const LearnedRequest& request) {
  const auto view = std::tuple(request.host, request.port, request.method);
  auto found = destinations_.find(view);
  if (found == destinations_.end()) {
    if (destinations_.size() >= limit_) {
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
    if (destinations_.size() >= limit_) {
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
