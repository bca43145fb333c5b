// The hash by which people and programs compare files.
#pragma once

#include <string>
#include <string_view>

namespace tls {

// SHA-256 of `octets` in 64 hexadecimal digits, as sha256sum prints it; "" when memory is short.
std::string sha256(std::string_view octets);

}  // namespace tls
