// The version that --version, build info and the access log's readers see.
#pragma once

#include <string_view>

namespace proxy {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace proxy
