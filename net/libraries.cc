#include "net/libraries.h"

#include <ares.h>
#include <uv.h>

namespace net {

std::string libraries() {
  return std::string("libuv ") + ::uv_version_string() + ", c-ares " + ::ares_version(nullptr);
}

}  // namespace net
