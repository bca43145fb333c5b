// Which libraries this room runs on.
#pragma once

#include <string>

namespace http::h2 {

// "llhttp 6.0.9, nghttp2 1.52.0": what is compiled in, and what is loaded.
std::string libraries();

}  // namespace http::h2
