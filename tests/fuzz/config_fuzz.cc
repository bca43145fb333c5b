// Any text loads without a crash, and what is shown of a valid one loads again as the same Config.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/load.h"
#include "config/show.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  config::Loaded loaded = config::load_text(text, "fuzz.yaml");
  if (config::has_errors(loaded.problems)) return 0;
  // A masked token does not load again, and without one the admin listener may need it.
  if (!loaded.config.admin.token.empty()) return 0;
  const std::string shown = config::show_effective(loaded.config, loaded.sources);
  const config::Loaded again = config::load_text(shown, "shown.yaml");
  if (config::has_errors(again.problems) || !(again.config == loaded.config)) std::abort();
  return 0;
}
