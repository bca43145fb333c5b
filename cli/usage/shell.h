// What the completions of all shells are made from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/usage/definition.h"

namespace cli::usage {

// The program and all commands below it, each before those below it.
std::vector<const Command*> all_commands(const Command& program);

// `text` in single quotes, as bash and zsh read it.
std::string shell_quoted(std::string_view text);

// The words with a blank between each two.
std::string joined(const std::vector<std::string>& words);

// What may follow `option`: its words, or those worth proposing.
const std::vector<std::string>& proposals(const Option& option);

// A case pattern for an option of a command, whichever of its names stands there:
// 'sluice check:-f'|'sluice check:--http-proxy-config'
std::string value_pattern(const Command& command, const Option& option);

// A case pattern for all commands below the program: 'sluice aks'|'sluice aks render'|…
std::string path_pattern(const Command& program);

}  // namespace cli::usage
