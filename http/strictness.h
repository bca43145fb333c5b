// Proves that the llhttp linked in refuses what only strict mode refuses.
#pragma once

#include "base/result.h"

namespace http {

// Fails (proxy) with kInternal when llhttp was compiled without strict mode: a proxy that continued
// would accept messages that other parsers read differently. Called at start-up.
base::Result<void> check_parser_strictness();

}  // namespace http
