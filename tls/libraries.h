// Which library this room runs on.
#pragma once

#include <string>

namespace tls {

// "OpenSSL 3.0.17 1 Jul 2025": what is loaded, which may be newer than what was built with.
std::string libraries();

}  // namespace tls
