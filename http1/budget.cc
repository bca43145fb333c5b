#include "http1/budget.h"

namespace http1 {

bool Budget::take(const base::IpAddress& party, std::size_t octets) {
  const auto found = by_party_.find(party);
  const std::size_t mine = (found == by_party_.end() ? 0 : found->second) + octets;
  // What is left to others, `octets_ - held`, is at least what this client holds.
  if (held_ + octets + mine > octets_) return false;
  if (octets == 0) return true;
  by_party_[party] = mine;
  held_ += octets;
  return true;
}

void Budget::give(const base::IpAddress& party, std::size_t octets) {
  if (octets == 0) return;
  const auto found = by_party_.find(party);
  held_ -= octets;
  found->second -= octets;
  if (found->second == 0) by_party_.erase(found);
}

}  // namespace http1
