// Asks an admin or probe listener how it is, for `sluice healthcheck`.
#pragma once

#include <chrono>
#include <string>

#include "base/ip.h"
#include "base/result.h"

namespace proxy::admin {

// The status of the answer to GET `path`, which begins with "/". Fails (proxy) with kIo, naming the
// endpoint, when none comes: all of it may take `timeout`.
base::Result<int> ask_health(const base::Endpoint& endpoint, const std::string& path,
                             std::chrono::milliseconds timeout);

}  // namespace proxy::admin
