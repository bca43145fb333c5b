#include "proxy/h2/holdings.h"

#include <malloc.h>

#include <algorithm>

namespace proxy::h2 {

std::shared_ptr<http::h2::Allowance> Holdings::of(const std::string& client, size_t most) {
  if (clients_.empty()) loop_.arm(*this, loop_.now() + kPause);
  auto& allowance = clients_[client];
  if (allowance == nullptr) allowance = std::make_shared<http::h2::Allowance>(most);
  return allowance;
}

size_t Holdings::held() const {
  size_t sum = 0;
  for (const auto& [client, allowance] : clients_) sum += allowance->held();
  return sum;
}

void Holdings::on_timer() {
  size_t peak = 0;
  for (const auto& [client, allowance] : clients_) peak += allowance->take_peak();
  if (peak >= held() + kWorthwhile) ::malloc_trim(0);
  std::erase_if(clients_, [](const auto& entry) { return entry.second.use_count() == 1; });
  if (!clients_.empty()) loop_.arm(*this, loop_.now() + kPause);
}

}  // namespace proxy::h2
