#include "http/h2/libraries.h"

#include <llhttp.h>
#include <nghttp2/nghttp2.h>

namespace http::h2 {

std::string libraries() {
  return "llhttp " + std::to_string(LLHTTP_VERSION_MAJOR) + "." +
         std::to_string(LLHTTP_VERSION_MINOR) + "." + std::to_string(LLHTTP_VERSION_PATCH) +
         ", nghttp2 " + ::nghttp2_version(0)->version_str;
}

}  // namespace http::h2
