// Who a client is beside others, and what it has of what the clients of a worker share. A client is
// its certificate's name, else its address, of IPv6 the /64 that it can choose addresses from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/ip.h"
#include "net/direction.h"
#include "net/dns/flight.h"
#include "net/pot.h"

namespace proxy {

// What a client is known by: equal for the same client alone. `identity` is the name in its
// certificate, "" without one.
std::string client_key(const base::IpAddress& client, std::string_view identity);

// One client of a worker, while it has a session there.
struct Neighbour {
  net::RelayClaim relays;
  net::dns::Claim lookups;
  net::PotShare attempts;  // of dialling, spare ones
};

class Neighbours {
 public:
  Neighbours() = default;
  Neighbours(const Neighbours&) = delete;
  Neighbours& operator=(const Neighbours&) = delete;

 private:
  struct Counted {
    Neighbour neighbour;
    std::uint32_t seats = 0;
  };
  using All = std::unordered_map<std::string, Counted>;

 public:
  // Keeps a client's entry alive. Outlived by what it came from.
  class Seat {
   public:
    Seat(Seat&& other) noexcept
        : all_(std::exchange(other.all_, nullptr)), entry_(std::exchange(other.entry_, nullptr)) {}
    Seat& operator=(Seat&& other) noexcept {
      std::swap(all_, other.all_);
      std::swap(entry_, other.entry_);
      return *this;
    }
    ~Seat();
    Neighbour* operator->() const { return &entry_->second.neighbour; }
    Neighbour& operator*() const { return entry_->second.neighbour; }
    const std::string& key() const { return entry_->first; }

   private:
    friend class Neighbours;
    Seat(All& all, All::value_type& entry) : all_(&all), entry_(&entry) { ++entry.second.seats; }
    All* all_;
    All::value_type* entry_;
  };

  // Of the client with that key.
  Seat seat(std::string key);

  size_t size() const { return all_.size(); }

 private:
  All all_;
};

}  // namespace proxy
