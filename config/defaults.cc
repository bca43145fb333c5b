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

std::vector<std::uint16_t> ports_closed_to_fetch() {
  return {1,    7,    9,    11,   13,   15,   17,   19,   20,   21,   22,   23,   25,   37,
          42,   43,   53,   69,   77,   79,   87,   95,   101,  102,  103,  104,  109,  110,
          111,  113,  115,  117,  119,  123,  135,  137,  139,  143,  161,  179,  389,  427,
          465,  512,  513,  514,  515,  526,  530,  531,  532,  540,  548,  554,  556,  563,
          587,  601,  636,  989,  990,  993,  995,  1719, 1720, 1723, 2049, 3659, 4045, 4190,
          5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080};
}

}  // namespace config
