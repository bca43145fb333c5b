// One non-blocking TCP connection of the generator or the origin.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/ip.h"
#include "bench/load/fd.h"
#include "bench/load/poller.h"

namespace load {

class Wire {
 public:
  enum class Io : std::uint8_t { kDone, kBlocked, kEnded, kFailed };
  struct Moved {
    Io io = Io::kBlocked;
    std::size_t octets = 0;  // with kDone at least 1
  };

  // Starts to connect; `handler` hears when it is writable. False, with error() set, when that
  // fails at once.
  bool connect(Poller& poller, Handler& handler, const base::Endpoint& to,
               std::optional<base::IpAddress> from);
  // Takes an accepted descriptor over.
  void adopt(Poller& poller, Handler& handler, Fd fd);
  void close();
  bool is_open() const { return static_cast<bool>(fd_); }

  Moved read(std::span<char> into);
  // What could be taken of `octets`: kDone also for a part.
  Moved write(std::string_view octets);
  // The errno of the last kFailed or failed connect.
  int error() const { return error_; }

 private:
  Fd fd_;
  int error_ = 0;
};

}  // namespace load
