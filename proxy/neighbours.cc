#include "proxy/neighbours.h"

namespace proxy {

std::string client_key(const base::IpAddress& client, std::string_view identity) {
  if (!identity.empty()) return "i" + std::string(identity);
  const base::IpAddress plain = client.unmapped();
  const base::IpAddress address = plain.is_v4() ? plain : base::Cidr(plain, 64).address();
  const size_t octets = address.is_v4() ? 4 : 8;
  return std::string(address.is_v4() ? "4" : "6")
      .append(address.octets().begin(), address.octets().begin() + octets);
}

Neighbours::Seat::~Seat() {
  if (entry_ == nullptr || --entry_->second.seats > 0) return;
  const std::string key = entry_->first;  // the entry goes with its own
  all_->erase(key);
}

Neighbours::Seat Neighbours::seat(std::string key) {
  return {all_, *all_.try_emplace(std::move(key)).first};
}

}  // namespace proxy
