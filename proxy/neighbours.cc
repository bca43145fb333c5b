#include "proxy/neighbours.h"

namespace proxy {

base::IpAddress client_key(const base::IpAddress& client) {
  const base::IpAddress plain = client.unmapped();
  return plain.is_v4() ? plain : base::Cidr(plain, 64).address();
}

Neighbours::Seat::~Seat() {
  if (entry_ != nullptr && --entry_->second.seats == 0) all_->erase(entry_->first);
}

Neighbours::Seat Neighbours::seat(const base::IpAddress& client, std::string_view identity) {
  std::string key;
  if (identity.empty()) {
    const base::IpAddress address = client_key(client);
    key.assign(address.octets().begin(), address.octets().end());
    key += address.is_v4() ? '4' : '6';
  } else {
    key.append(1, 'i').append(identity);
  }
  return {all_, *all_.try_emplace(std::move(key)).first};
}

}  // namespace proxy
