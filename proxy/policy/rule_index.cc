#include "proxy/policy/rule_index.h"

#include <cassert>

#include "base/ascii.h"

namespace proxy::policy {

RuleIndex::RuleIndex(const std::vector<config::Rule>& rules) {
  for (std::uint32_t position = 0; position < rules.size(); ++position) {
    const config::Rule& rule = rules[position];
    if (rule.hosts.empty()) without_hosts_.push_back(position);
    for (const std::string& pattern : rule.hosts) {
      const std::string host = base::lower(pattern);
      if (host.starts_with("*.")) {
        by_host_[host.substr(1)].push_back(position);
        continue;
      }
      by_host_[host].push_back(position);
      if (host.starts_with('.')) by_host_[host.substr(1)].push_back(position);
    }
  }
}

RuleIndex::Candidates RuleIndex::candidates(const http::Authority& target) const {
  Candidates found;
  found.add(without_hosts_);
  const auto look_up = [this, &found](std::string_view key) {
    if (const auto entry = by_host_.find(key); entry != by_host_.end()) found.add(entry->second);
  };
  const std::string_view host = target.host;
  look_up(host);
  if (target.literal) return found;  // an address is below nothing
  for (size_t dot = host.find('.', 1); dot < host.size(); dot = host.find('.', dot + 1)) {
    look_up(host.substr(dot));
  }
  return found;
}

void RuleIndex::Candidates::add(const std::vector<std::uint32_t>& list) {
  assert(size_ < kMaxLists && "a longer host than http::Authority holds");
  if (!list.empty()) lists_[size_++] = {list.data(), list.data() + list.size()};
}

std::optional<std::uint32_t> RuleIndex::Candidates::next() {
  if (size_ == 0) return std::nullopt;
  size_t first = 0;
  for (size_t i = 1; i < size_; ++i) {
    if (*lists_[i].next < *lists_[first].next) first = i;
  }
  const std::uint32_t position = *lists_[first].next++;
  if (lists_[first].next == lists_[first].end) lists_[first] = lists_[--size_];
  return position;
}

}  // namespace proxy::policy
