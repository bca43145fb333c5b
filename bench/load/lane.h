// One operation at a time, again and again: what a client of the proxy does.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/clock.h"
#include "bench/load/poller.h"

namespace load {

class Lane : public Handler {
 public:
  class Owner {
   public:
    // The operation that begin() started has ended well, every octet verified. May begin the next.
    virtual void on_done(Lane& lane) = 0;
    // It has failed, for a reason from a small set; the lane is reset.
    virtual void on_failed(Lane& lane, std::string_view why) = 0;
    // Octets of bodies that have moved, verified, in either direction.
    virtual void on_body(std::uint64_t octets) = 0;
    // A persistent connection had to be opened again, as HTTP allows.
    virtual void on_reconnect() = 0;

   protected:
    ~Owner() = default;
  };

  virtual ~Lane() = default;
  // Starts an operation, opening what it needs first. One of the owner's functions follows.
  virtual void begin() = 0;
  // Closes everything and forgets the operation, without a word to the owner.
  virtual void reset() = 0;

  void set_owner(Owner* owner) { owner_ = owner; }

  // Kept for the owner.
  base::Instant intended;       // when the operation should have begun
  base::Instant progress;       // when something last happened in it
  std::uint64_t operation = 0;  // counts them
  bool in_flight = false;

 protected:
  Owner& owner() { return *owner_; }

 private:
  Owner* owner_ = nullptr;
};

}  // namespace load
