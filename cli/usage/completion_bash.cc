#include "cli/usage/completion.h"
#include "cli/usage/shell.h"

namespace cli::usage {
namespace {

// What the script says once for all: which command the words before the cursor name, and which word
// stands before the one to complete. Bash takes "--os=linux" for three words.
constexpr const char* kBegin = R"(# Completes sluice in bash; made by `sluice completion bash`.
_sluice() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} at=sluice i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case "$at ${COMP_WORDS[i]}" in
            @PATHS@) at="$at ${COMP_WORDS[i]}" ;;
        esac
    done
    if [[ $current == = ]]; then
        current=
    elif [[ $previous == = ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    COMPREPLY=()
    case "$at:$previous" in
)";

constexpr const char* kFiles = R"(compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$current"))";

std::string of_words(const std::string& words) {
  return "mapfile -t COMPREPLY < <(compgen -W " + shell_quoted(words) + " -- \"$current\")";
}

std::string when(const std::string& pattern, const std::string& what) {
  return "        " + pattern + ")\n            " + what + "\n            return ;;\n";
}

// What stands where no option does.
std::string argument_of(const Command& command) {
  std::string words;
  for (const auto& each : command.below) words += (words.empty() ? "" : " ") + each->name;
  for (const Option* option : command.positionals()) {
    if (!proposals(*option).empty())
      words += (words.empty() ? "" : " ") + joined(proposals(*option));
  }
  if (!words.empty()) return of_words(words);
  for (const Option* option : command.positionals()) {
    if (option->names_file()) return kFiles;
  }
  return "";
}

}  // namespace

std::string bash_completion(const Command& program) {
  std::string out = kBegin;
  out.replace(out.find("@PATHS@"), 7, path_pattern(program));
  const auto commands = all_commands(program);
  for (const Command* command : commands) {
    for (const Option* option : command->dashed()) {
      if (option->value != Needed::kYes) continue;
      const std::string pattern = value_pattern(*command, *option);
      if (!proposals(*option).empty()) {
        out += when(pattern, of_words(joined(proposals(*option))));
      } else {
        out += when(pattern, option->names_file() ? kFiles : ":");
      }
    }
  }
  out += "    esac\n    case \"$at:${current:0:1}\" in\n";
  for (const Command* command : commands) {
    std::vector<std::string> names = {"--help"};
    for (const Option* option : command->dashed()) names.push_back(option->name());
    if (command == &program) names.emplace_back("--version");
    out += when(shell_quoted(command->path() + ":-"), of_words(joined(names)));
    const std::string argument = argument_of(*command);
    if (!argument.empty()) out += when(shell_quoted(command->path() + ":") + "*", argument);
  }
  return out + "    esac\n}\ncomplete -F _sluice sluice\n";
}

}  // namespace cli::usage
