// One tunnel of the limit program: CONNECT, dial, 200, splice.
//
//   kHead ──CONNECT read, dialling──> kDialling ──connected, 200 sent──> kOpen ──both ended──>
//   kOver
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace limit {

// Sides are registered once, edge-triggered, with their own address as the event's data.
class Epoll {
 public:
  Epoll();
  void add(int fd, void* data) const;
  int fd() const { return fd_; }

 private:
  int fd_;
};

using Pipe = std::array<int, 2>;

// Pipes that are empty, so that an idle tunnel has none.
class Pipes {
 public:
  static constexpr std::size_t kCapacity = 1024 * 1024;
  static constexpr std::size_t kSlots = kCapacity / 4096;

  Pipe take();
  void give(Pipe pipe) { free_.push_back(pipe); }

 private:
  std::vector<Pipe> free_;
};

class Tunnel {
 public:
  struct Side {
    Tunnel* tunnel = nullptr;
    int fd = -1;
    Pipe pipe{-1, -1};  // holds `piped` octets read from here
    std::size_t piped = 0;
    bool ended = false;  // nothing more comes from here
  };

  Tunnel(const Epoll& epoll, Pipes& pipes, int client);
  ~Tunnel();
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;

  // What epoll said of `side`. Nothing more may follow once it is over().
  void on_events(Side& side, std::uint32_t events);
  bool over() const { return state_ == State::kOver; }

 private:
  enum class State : std::uint8_t { kHead, kDialling, kOpen, kOver };

  bool step(Side& side, std::uint32_t events);
  bool dial();
  bool answer();
  bool pump(Side& from, Side& to, bool end_in_sight);

  const Epoll& epoll_;
  Pipes& pipes_;
  Side client_;
  Side origin_;
  State state_ = State::kHead;
};

}  // namespace limit
