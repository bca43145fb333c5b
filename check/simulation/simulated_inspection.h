// The inspection CA of a simulated proxy, and the configuration that puts it to use.
#pragma once

#include <string>

#include "base/result.h"
#include "check/simulation/world.h"
#include "config/schema.h"

namespace check {

// Makes an authority, writes it and the world's public root into `folder`, as an operator would,
// and names these files in `config`, made by simulated_proxy, which then inspects every tunnel but
// those of exempt_tunnels. The world has the names of add_inspection_names. Returns the authority,
// for clients to trust. Fails when a file can't be written.
base::Result<tls::Authority> turn_on_inspection(const World& world, const std::string& region,
                                                const std::string& folder, config::Config& config);

}  // namespace check
