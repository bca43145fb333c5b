// What a configuration refers to and does not hold: the catalogue behind policy.profile, and the
// file behind misroutes.http_proxy_config.
#pragma once

#include "config/load.h"

namespace cli {

// Fills those parts in. What is wrong with them becomes a problem of the key that names them; with
// errors among the problems nothing is read.
void resolve_references(config::Loaded& loaded, const std::string& file);

}  // namespace cli
