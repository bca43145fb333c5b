// Scripts that make a shell complete the command line.
#pragma once

#include <string>

#include "cli/usage/definition.h"

namespace cli::usage {

// Each stands alone: it is loaded by the shell (`source`), or put where the shell looks for
// completions, and does not call the program.
std::string bash_completion(const Command& program);
std::string fish_completion(const Command& program);
std::string zsh_completion(const Command& program);

}  // namespace cli::usage
