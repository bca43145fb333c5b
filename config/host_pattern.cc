#include "config/host_pattern.h"

#include <algorithm>

namespace config {

bool matches_host(std::string_view pattern, std::string_view host) {
  if (pattern.starts_with("*.")) {
    const std::string_view suffix = pattern.substr(1);
    return host.size() > suffix.size() && host.ends_with(suffix);
  }
  if (pattern.starts_with('.')) return host == pattern.substr(1) || host.ends_with(pattern);
  return host == pattern;
}

bool matches_any_host(const std::vector<std::string>& patterns, std::string_view host) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [host](const std::string& pattern) { return matches_host(pattern, host); });
}

}  // namespace config
