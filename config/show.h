// Printing a configuration so that it can be read, compared and loaded again. Secrets are masked.
#pragma once

#include <string>
#include <vector>

#include "config/problem.h"
#include "config/schema.h"

namespace config {

// Every key with its value as YAML, and where it came from as a comment; what policy.profile stands
// for as comments too. Loaded again it gives an
// equal Config, but for masked secrets, which the loader refuses.
std::string show_effective(const Config& config, const Sources& sources);

// Only the keys that a file, flag or variable set.
std::string show_changed(const Config& config, const Sources& sources);

// {"summary": which configuration this is, in a line, "config": every key, "sources":
// {"timeouts.idle": "sluice.yaml:12", …}}; the value of "config" is itself a configuration file.
// With a profile, "profile_rules" has what it stands for.
std::string show_json(const Config& config, const Sources& sources);

// {"file": …, "valid": …, "problems": [{"severity", "file", "line", "column", "key", "message"},
// …]}
std::string problems_json(const std::string& file, const std::vector<Problem>& problems);

}  // namespace config
