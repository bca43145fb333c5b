// The time for Date fields (RFC 9110 §6.6.1), made once a second.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/date.h"

namespace proxy {

class HttpClock {
 public:
  // Valid until the next call.
  std::string_view date() {
    const base::WallTime now = base::wall_now();
    const std::int64_t second =
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    if (second != second_) {
      second_ = second;
      date_ = http::http_date(now);
    }
    return date_;
  }

 private:
  std::string date_;
  std::int64_t second_ = -1;
};

}  // namespace proxy
