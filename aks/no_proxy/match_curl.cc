#include <charconv>

#include "aks/no_proxy/match.h"
#include "aks/no_proxy/text.h"
#include "base/ascii.h"

namespace aks::no_proxy {
namespace {

constexpr std::string_view kBlank = " \t";

// The number behind a slash. Before 8.18 it was read with atoi: what follows the digits does not
// count, and no digits are 0. nullopt when no address matches.
std::optional<unsigned> mask_length(std::string_view text, CurlVersion version) {
  unsigned bits = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, bits);
  if (error == std::errc::result_out_of_range) return std::nullopt;
  if (version == CurlVersion::k818 && (text.empty() || stop != end)) return std::nullopt;
  return error == std::errc() ? bits : 0;
}

// `entry` against a literal address. No mask and a mask of 0 both stand for the whole address.
Rule match_address(std::string_view entry, const base::IpAddress& address, CurlVersion version) {
  const size_t slash = entry.find('/');
  const auto base = base::IpAddress::parse(entry.substr(0, slash));
  if (!base || base->family() != address.family()) return Rule::kNoEntry;
  std::optional<unsigned> bits = 0;
  if (slash != std::string_view::npos) bits = mask_length(entry.substr(slash + 1), version);
  const unsigned width = address.is_v4() ? 32 : 128;
  if (!bits || *bits > width) return Rule::kNoEntry;
  if (*bits == 0 || *bits == width) return *base == address ? Rule::kAddress : Rule::kNoEntry;
  const base::Cidr prefix(*base, static_cast<int>(*bits));
  return prefix.contains(address) ? Rule::kPrefix : Rule::kNoEntry;
}

Rule match_name(std::string_view entry, std::string_view host, const Destination& to) {
  if (entry.ends_with('.')) entry.remove_suffix(1);
  const bool dotted = entry.starts_with('.');
  if (dotted) entry.remove_prefix(1);
  const std::string lower = base::lower(entry);
  if (lower == host) return dotted ? Rule::kApex : itself_rule(to);
  return is_below(host, lower) ? below_rule(to) : Rule::kNoEntry;
}

}  // namespace

Match match_curl(std::string_view list, const Destination& to, CurlVersion version) {
  if (list == "*") return {Rule::kAll, "*"};
  const bool text_alone = !to.address || (!to.address->is_v4() && version != CurlVersion::k818);
  std::string host =
      base::lower(to.host.substr(0, to.address ? to.host.find('%') : to.host.size()));
  if (host.ends_with('.')) host.pop_back();
  while (!list.empty()) {
    list = trim_front(list, kBlank);
    const std::string_view entry = list.substr(0, list.find_first_of(" \t,"));
    list.remove_prefix(entry.size());
    if (!entry.empty()) {
      const Rule rule =
          text_alone ? match_name(entry, host, to) : match_address(entry, *to.address, version);
      if (rule != Rule::kNoEntry) return {rule, std::string(entry)};
    }
    list = trim_front(list, kBlank);
    // From 8.9 on a blank that no comma follows ends the list.
    if (!list.starts_with(',') && version != CurlVersion::k788) break;
    list = trim_front(list, ",");
  }
  return {};
}

}  // namespace aks::no_proxy
