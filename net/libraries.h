// Which libraries this room runs on.
#pragma once

#include <string>

namespace net {

// "libuv 1.44.2, c-ares 1.18.1": what is loaded, which may be newer than what was built with.
std::string libraries();

}  // namespace net
