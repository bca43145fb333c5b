// Paths as rules judge them. However a denied path is dressed, by one more escape, a parameter or
// in other case, it stays denied; and a path that all servers take for an allowed one is never one
// that some take for another place.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/ascii.h"
#include "http/path.h"
#include "http/path_readings.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::string escaped(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    if (c == '/') {
      out += c;
      continue;
    }
    const auto octet = static_cast<unsigned char>(c);
    out.append("%").append(1, kDigits[octet >> 4]).append(1, kDigits[octet & 15]);
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const std::string path(reinterpret_cast<const char*>(data), size);
  const http::PathReadings readings(path);
  const auto canonical = http::canonical_path(path);
  require(readings.any_below("/"));
  if (!canonical) {
    require(readings.any_below("/admin") && !readings.all_below("/"));
    return 0;
  }
  if (readings.all_below("/admin")) require(readings.any_below("/admin"));
  if (http::is_at_or_below(*canonical, "/admin")) {
    require(readings.any_below("/admin"));
    for (const std::string& dressed :
         {escaped(*canonical), base::lower(*canonical), *canonical + ";x"}) {
      require(http::PathReadings(dressed).any_below("/admin"));
    }
  }
  if (!readings.all_below("/api")) return 0;
  require(!readings.any_below("/admin"));
  return 0;
}
