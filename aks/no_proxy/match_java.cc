#include "aks/no_proxy/match.h"
#include "aks/no_proxy/text.h"
#include "base/ascii.h"

namespace aks::no_proxy {
namespace {

constexpr std::string_view kDefaults = "localhost|127.*|[::1]|0.0.0.0|[::0]";

// * counts at the start and at the end alone.
bool is_like(std::string_view host, std::string_view pattern) {
  if (pattern == "*") return true;
  const bool front = pattern.starts_with('*');
  const bool back = pattern.ends_with('*');
  if (front) pattern.remove_prefix(1);
  if (back) pattern.remove_suffix(1);
  if (front && back) return host.find(pattern) != std::string_view::npos;
  if (front) return host.ends_with(pattern);
  if (back) return host.starts_with(pattern);
  return host == pattern;
}

Rule match_pattern(std::string_view pattern, const std::string& host, const Destination& to) {
  const std::string lower = base::lower(pattern);
  if (!is_like(host, lower)) return Rule::kNoEntry;
  if (lower == "*") return Rule::kAll;
  return lower.find('*') == std::string::npos ? itself_rule(to) : Rule::kGlob;
}

}  // namespace

Match match_java(std::optional<std::string_view> list, const Destination& to) {
  // Set but empty switches even the defaults off.
  if (list && list->empty()) return {};
  const std::string host = to.bracketed();
  for (const std::string_view entry : split(list.value_or(""), "|")) {
    if (entry.empty()) continue;
    const Rule rule = match_pattern(entry, host, to);
    if (rule != Rule::kNoEntry) return {rule, std::string(entry)};
  }
  for (const std::string_view entry : split(kDefaults, "|")) {
    if (is_like(host, entry)) return {Rule::kLoopback, ""};
  }
  return {};
}

}  // namespace aks::no_proxy
