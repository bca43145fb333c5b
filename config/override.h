// Values that come one by one, from flags and environment variables, and override the file's.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/problem.h"
#include "config/schema.h"

namespace config {

// One value for one key. A list of scalars is written with commas; a list of mappings as YAML.
struct Override {
  std::string key;
  std::string value;
  Origin origin;  // kFlag or kEnvironment, with the flag's or variable's name
};

// In the order in which they are applied, with what was wrong with those that are left out.
struct Overrides {
  std::vector<Override> values;
  std::vector<Problem> problems;
};

// Sets `key` in `config` and notes its origin in `sources`. Returns what is wrong with the key or
// the value; the member is then left as it was, except that a list keeps its good elements.
std::vector<Problem> apply_override(Config& config, Sources& sources, const Override& override);

// Adds the override that "--set key=value" asks for.
void add_set_flag(Overrides& overrides, std::string_view text);

// Adds those of the environment: SLUICE_ and the key in capitals with "__" for each dot, as in
// SLUICE_TIMEOUTS__IDLE. Other variables that start with SLUICE_ are warnings, except those that
// Kubernetes makes for a Service named sluice. `environment` holds "NAME=value".
void add_environment(Overrides& overrides, std::span<const std::string> environment);

// Puts flags behind the environment, which they override, whatever was added first. A variable
// whose key a flag sets to something else becomes a warning.
void put_flags_last(Overrides& overrides);

}  // namespace config
