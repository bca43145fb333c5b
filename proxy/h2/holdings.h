// What the streams of HTTP/2 hold in memory, client by client, of one worker. When much of it was
// given back, the memory goes back to the system: the allocator alone keeps what lies between what
// is still in use.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "http/h2/allowance.h"
#include "net/loop.h"
#include "net/timer_wheel.h"

namespace proxy::h2 {

class Holdings final : private net::TimerWheel::Timer {
 public:
  explicit Holdings(net::Loop& loop) : loop_(loop) {}
  Holdings(const Holdings&) = delete;
  Holdings& operator=(const Holdings&) = delete;
  ~Holdings() override = default;

  // What all connections of `client` share; `most` octets, if it has none yet.
  std::shared_ptr<http::h2::Allowance> of(const std::string& client, size_t most);
  // Octets that are held.
  size_t held() const;

 private:
  // How often it is looked at what was given back.
  static constexpr base::Millis kPause{2000};
  // Looking for memory to give back takes some 0.1 ms a MiB, which less is not worth.
  static constexpr size_t kWorthwhile = 1024 * 1024;

  void on_timer() override;

  net::Loop& loop_;
  std::unordered_map<std::string, std::shared_ptr<http::h2::Allowance>> clients_;
};

}  // namespace proxy::h2
