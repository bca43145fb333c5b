// Whatever a report cites, nothing of it is markup, and no octet is one that XML 1.0 excludes.
#include <cstdint>
#include <cstdlib>

#include "check/report_markup.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string escaped = check::escape_markup(text);
  for (const char octet : escaped) {
    if (std::string_view("<>\"'").find(octet) != std::string_view::npos) std::abort();
    const bool blank = octet == '\t' || octet == '\n' || octet == '\r';
    if (static_cast<unsigned char>(octet) < 0x20 && !blank) std::abort();
  }
  // What came out is whole characters: escaping again changes the ampersands and nothing else.
  std::string expected;
  for (const char octet : escaped) {
    expected += octet == '&' ? std::string("&amp;") : std::string(1, octet);
  }
  if (check::escape_markup(escaped) != expected) std::abort();
  return 0;
}
