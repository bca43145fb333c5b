// What `sluice --version` prints.
#pragma once

#include <string>

namespace cli {

// Release and commit in the first line; then the compiler, the libraries that are loaded, and the
// date of the endpoint catalogue.
std::string version_text();

}  // namespace cli
