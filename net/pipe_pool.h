// Pipes for splice(2): a relay borrows one while bytes are in it and returns it empty, so that an
// idle connection holds none.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "net/pot.h"

namespace net {

// A pipe and how many octets are in it. Closes its descriptors when destroyed.
class Pipe {
 public:
  // nullptr when the process has no descriptors left, or its user has so many pipes that further
  // ones are tiny. It may hold less than wanted.
  static std::unique_ptr<Pipe> open(int wanted_bytes);
  ~Pipe();
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int read_end() const { return read_end_; }
  int write_end() const { return write_end_; }

  std::uint32_t held = 0;

 private:
  Pipe(int read_end, int write_end) : read_end_(read_end), write_end_(write_end) {}
  int read_end_;
  int write_end_;
};

class PipePool {
 public:
  // At most `max_pipes` are out at once, two descriptors each.
  explicit PipePool(std::uint32_t max_pipes) : pot_(max_pipes) {}

  // nullptr when the client may have no more, or none can be opened: copy instead.
  std::unique_ptr<Pipe> borrow(PotShare& share);
  // A pipe that still holds octets is closed: they belong to nobody else.
  void give_back(std::unique_ptr<Pipe> pipe, PotShare& share);

  std::uint32_t borrowed() const { return pot_.taken(); }

 private:
  // Spare pipes kept open; more are closed, so that a burst does not hold descriptors for ever.
  static constexpr size_t kMaxSpare = 16;

  Pot pot_;
  std::uint32_t refusals_ = 0;
  std::vector<std::unique_ptr<Pipe>> spare_;
};

}  // namespace net
