#include "cli/usage/completion.h"
#include "cli/usage/help.h"
#include "cli/usage/shell.h"

namespace cli::usage {
namespace {

constexpr const char* kBegin = R"(#compdef sluice
# Completes sluice in zsh; made by `sluice completion zsh`.
_sluice() {
    local at=sluice previous=$words[CURRENT-1]
    local -i i
    local -a choices
    for ((i = 2; i < CURRENT; i++)); do
        case "$at $words[i]" in
            (@PATHS@) at="$at $words[i]" ;;
        esac
    done
    if [[ $PREFIX == --*=* ]]; then
        previous=${PREFIX%%=*}
        compset -P '*='
    fi
    case "$at:$previous" in
)";

// How the script ends: loaded by `source`, or from a directory of $fpath, where the whole file is
// the function's body.
constexpr const char* kEnd = R"(    esac
}
if [[ $funcstack[1] == _sluice ]]; then
    _sluice "$@"
else
    compdef _sluice sluice
fi
)";

std::string when(const std::string& pattern, const std::string& what) {
  return "        (" + pattern + ")\n            " + what + "\n            return ;;\n";
}

// 'name:what it is', as _describe reads it.
std::string choice(const std::string& name, const std::string& description) {
  std::string escaped;
  for (const char c : name) {
    if (c == ':') escaped += '\\';
    escaped += c;
  }
  return " " + shell_quoted(escaped + ":" + description);
}

std::string described_as(const std::string& choices, const char* what) {
  return "choices=(" + choices + ")\n            _describe " + what + " choices";
}

std::string argument_of(const Command& command) {
  std::string choices;
  for (const auto& each : command.below) choices += choice(each->name, each->description);
  if (!choices.empty()) return described_as(choices, "command");
  for (const Option* option : command.positionals()) {
    if (!proposals(*option).empty()) return "compadd -- " + joined(proposals(*option));
    if (option->names_file()) return "_files";
  }
  return "";
}

}  // namespace

std::string zsh_completion(const Command& program) {
  std::string out = kBegin;
  out.replace(out.find("@PATHS@"), 7, path_pattern(program));
  const auto commands = all_commands(program);
  for (const Command* command : commands) {
    for (const Option* option : command->dashed()) {
      if (option->value != Needed::kYes) continue;
      const std::string pattern = value_pattern(*command, *option);
      if (!proposals(*option).empty()) {
        out += when(pattern, "compadd -- " + joined(proposals(*option)));
      } else {
        out += when(pattern, option->names_file() ? "_files" : ":");
      }
    }
  }
  out += "    esac\n    case \"$at:$PREFIX\" in\n";
  for (const Command* command : commands) {
    std::string choices = choice("--help", "print this help");
    for (const Option* option : command->dashed()) {
      choices += choice(option->name(), described(*option));
    }
    if (command == &program) choices += choice("--version", "print version, commit and libraries");
    out += when(shell_quoted(command->path() + ":-") + "*", described_as(choices, "option"));
    const std::string argument = argument_of(*command);
    if (!argument.empty()) out += when(shell_quoted(command->path() + ":") + "*", argument);
  }
  return out + kEnd;
}

}  // namespace cli::usage
