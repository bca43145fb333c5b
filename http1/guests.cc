#include "http1/guests.h"

#include <map>
#include <tuple>

namespace http1 {

base::IpAddress party_of(const base::IpAddress& client) {
  const base::IpAddress plain = client.unmapped();
  return plain.is_v4() ? plain : base::Cidr(plain, 64).address();
}

std::optional<std::uint64_t> who_leaves(std::span<const Guest> guests,
                                        const base::IpAddress& party) {
  std::map<base::IpAddress, std::size_t> held;
  for (const Guest& guest : guests) ++held[guest.party];
  const std::size_t newcomers = held[party] + 1;
  const Guest* first = nullptr;
  // Most connections first, then least loss, then age.
  const auto order = [&held](const Guest& guest) {
    return std::tuple(~held[guest.party], guest.stage, guest.id);
  };
  for (const Guest& guest : guests) {
    if (guest.stage == Stage::kBusy && held[guest.party] <= newcomers) continue;
    if (first == nullptr || order(guest) < order(*first)) first = &guest;
  }
  return first == nullptr ? std::nullopt : std::optional(first->id);
}

}  // namespace http1
