// The configuration of the real proxy in a simulated world.
#pragma once

#include <string>
#include <vector>

#include "check/simulation/world.h"
#include "config/schema.h"

namespace check {

// Listens on a free port of loopback, allows `names` on the world's endpoints and denies everything
// else; whatever is allowed and no endpoint of the world fails for another reason than policy. The
// access log goes to `log_path`, "" for none. Nothing is looked up.
config::Config simulated_proxy(const World& world, const std::vector<std::string>& names,
                               const std::string& log_path);

}  // namespace check
