#include "bench/load/route.h"

namespace load {

Route::Route(Via via, base::Endpoint proxy, const std::vector<base::Endpoint>& origins,
             std::vector<base::IpAddress> sources)
    : via_(via), proxy_(proxy), sources_(std::move(sources)) {
  for (const base::Endpoint& origin : origins) origins_.push_back(origin.to_string());
}

std::optional<base::IpAddress> Route::next_source() {
  if (sources_.empty()) return std::nullopt;
  return sources_[source_++ % sources_.size()];
}

const std::string& Route::next_origin() { return origins_[origin_++ % origins_.size()]; }

std::vector<base::IpAddress> addresses_from(base::IpAddress first, std::size_t count) {
  std::vector<base::IpAddress> addresses;
  auto octets = first.octets();
  while (addresses.size() < count) {
    addresses.push_back(base::IpAddress::v4({octets[0], octets[1], octets[2], octets[3]}));
    if (++octets[3] == 255) {
      octets[3] = 1;
      ++octets[2];
    }
  }
  return addresses;
}

}  // namespace load
