// The table of every key of sluice.yaml.
#pragma once

#include <vector>

#include "config/field.h"
#include "config/schema.h"

namespace config {

// Every key, in the order in which people read them, bound to the members of `config`, which
// outlives the fields.
std::vector<Field> fields_of(Config& config);

// Those of `tls` alone (fields_tls.cc).
void add_tls(std::vector<Field>& out, Tls& tls);
// Those of `misroutes` and `learn` (fields_watching.cc).
void add_watching(std::vector<Field>& out, Misroutes& m, Learn& l);

}  // namespace config
