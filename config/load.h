// From text to a Config, with every problem at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/override.h"
#include "config/problem.h"
#include "config/schema.h"

namespace config {

struct Loaded {
  Config config;  // to be used only without errors among `problems`
  Sources sources;
  std::vector<Problem> problems;  // the file's by line, then those of overrides
  std::string text;               // the file's
};

// The defaults, overridden by the YAML in `text` (empty: by nothing), overridden by `overrides` in
// their order. `file_name` is for messages.
Loaded load_text(std::string_view text, const std::string& file_name,
                 const Overrides& overrides = {});

// Like load_text, of a file. Fails (party: proxy, kIo) when it can't be read; whatever it holds,
// also more than a configuration may hold, is a matter of Loaded::problems.
base::Result<Loaded> load_file(const std::string& path, const Overrides& overrides = {});

}  // namespace config
