// Targets: canonical text is a fixed point, and no accepted name looks like an address.
#include <arpa/inet.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "http/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const char* method : {"CONNECT", "GET", "OPTIONS"}) {
    const auto target = http::parse_target({method, text, 1, {}});
    if (!target || target->form == http::TargetForm::kAsterisk) continue;
    const http::Authority& authority = target->authority;
    const auto again = http::parse_authority(authority.to_string());
    if (!again || *again != authority) std::abort();
    // What the lenient libc parser takes for an address must be known to us as one.
    in_addr lenient{};
    if (!authority.literal && inet_aton(authority.host.c_str(), &lenient) != 0) std::abort();
  }
  return 0;
}
