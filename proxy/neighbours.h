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

// The address by which a client without a certificate is known: itself, or its /64.
base::IpAddress client_key(const base::IpAddress& client);

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

   private:
    friend class Neighbours;
    Seat(All& all, All::value_type& entry) : all_(&all), entry_(&entry) { ++entry.second.seats; }
    All* all_;
    All::value_type* entry_;
  };

  // `identity` is the name in the client's certificate, "" without one.
  Seat seat(const base::IpAddress& client, std::string_view identity);

  size_t size() const { return all_.size(); }

 private:
  All all_;
};

}  // namespace proxy
