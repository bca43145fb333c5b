#include <array>
#include <cassert>
#include <string_view>

#include "config/schema.h"

namespace config {

std::vector<base::Cidr> default_clients() {
  static constexpr std::array<std::string_view, 9> kRanges = {
      "127.0.0.0/8",   "::1/128",        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
      "100.64.0.0/10", "169.254.0.0/16", "fc00::/7",   "fe80::/10"};
  std::vector<base::Cidr> ranges;
  for (const std::string_view text : kRanges) {
    const auto range = base::Cidr::parse(text);
    assert(range && "every default range is a prefix");
    ranges.push_back(*range);
  }
  return ranges;
}

}  // namespace config
