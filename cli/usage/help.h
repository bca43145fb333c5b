// What `--help` prints of a command.
#pragma once

#include <string>

#include "cli/usage/definition.h"

namespace cli::usage {

// One line of what a command is called with, without "Usage: ".
std::string synopsis(const Command& command);

// An option's help with its values and its default.
std::string described(const Option& option);

// The whole help, in lines of at most `width` columns but for the footer, which stands as it is.
std::string help_text(const Command& command, std::size_t width);

}  // namespace cli::usage
