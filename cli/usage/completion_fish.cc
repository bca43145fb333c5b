#include "cli/usage/completion.h"
#include "cli/usage/help.h"
#include "cli/usage/shell.h"

namespace cli::usage {
namespace {

constexpr const char* kBegin = R"(# Completes sluice in fish; made by `sluice completion fish`.
# Whether the words before the cursor name this command, and none below it.
function __sluice_at
    set -l at sluice
    for word in (commandline -opc)[2..-1]
        if contains -- "$at $word" @PATHS@
            set at "$at $word"
        end
    end
    test "$at" = "$argv[1]"
end
complete -c sluice -f
)";

// In single quotes fish knows two escapes.
std::string fish_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string line(const Command& command, const std::string& rest) {
  return "complete -c sluice -n " + fish_quoted("__sluice_at \"" + command.path() + "\"") + rest +
         "\n";
}

std::string what_follows(const Option& option) {
  if (option.value != Needed::kYes) return "";
  if (!proposals(option).empty()) return " -xa " + fish_quoted(joined(proposals(option)));
  return option.names_file() ? " -rF" : " -x";
}

}  // namespace

std::string fish_completion(const Command& program) {
  std::string paths;
  const auto commands = all_commands(program);
  for (const Command* command : commands) {
    if (command != &program) paths += (paths.empty() ? "" : " ") + fish_quoted(command->path());
  }
  std::string out = kBegin;
  out.replace(out.find("@PATHS@"), 7, paths);
  for (const Command* command : commands) {
    for (const auto& below : command->below) {
      out += line(*command, " -a " + below->name + " -d " + fish_quoted(below->description));
    }
    for (const Option* option : command->dashed()) {
      std::string names;
      for (const std::string& name : option->names) {
        names += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      out +=
          line(*command, names + what_follows(*option) + " -d " + fish_quoted(described(*option)));
    }
    out += line(*command, " -s h -l help -d 'print this help'");
    for (const Option* option : command->positionals()) {
      if (!proposals(*option).empty()) {
        out += line(*command, " -a " + fish_quoted(joined(proposals(*option))));
      } else if (option->names_file()) {
        out += line(*command, " -F");
      }
    }
  }
  return out + line(program, " -l version -d 'print version, commit and libraries'");
}

}  // namespace cli::usage
