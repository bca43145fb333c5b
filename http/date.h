// The time in messages.
#pragma once

#include <string>

#include "base/clock.h"

namespace http {

// "Sun, 06 Nov 1994 08:49:37 GMT": the preferred format of HTTP dates (RFC 9110 §5.6.7).
std::string http_date(base::WallTime time);

}  // namespace http
