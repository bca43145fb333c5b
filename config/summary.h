// Which configuration runs, in one line for people.
#pragma once

#include <string>

#include "config/problem.h"
#include "config/schema.h"

namespace config {

// "default action deny, profile aks:westeurope, 3 rules; listeners 127.0.0.1:3128 and
// 127.0.0.1:3443 (TLS); inspection off; clients 10.0.0.0/8". Holds no secret.
std::string summary(const Config& config);

// What was laid over the file: ", flag --listen, environment SLUICE_WORKERS"; "" when nothing was.
std::string layers_over_file(const Sources& sources);

}  // namespace config
