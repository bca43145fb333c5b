#include "cli/usage/shell.h"

namespace cli::usage {

std::vector<const Command*> all_commands(const Command& program) {
  std::vector<const Command*> out = {&program};
  for (const auto& each : program.below) {
    const auto below = all_commands(*each);
    out.insert(out.end(), below.begin(), below.end());
  }
  return out;
}

std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& each : words) out += (out.empty() ? "" : " ") + each;
  return out;
}

const std::vector<std::string>& proposals(const Option& option) {
  return option.words.empty() ? option.proposed : option.words;
}

std::string value_pattern(const Command& command, const Option& option) {
  std::string out;
  for (const std::string& name : option.names) {
    out += (out.empty() ? "" : "|") + shell_quoted(command.path() + ":" + name);
  }
  return out;
}

std::string path_pattern(const Command& program) {
  std::string out;
  for (const Command* each : all_commands(program)) {
    if (each == &program) continue;
    out += (out.empty() ? "" : "|") + shell_quoted(each->path());
  }
  return out;
}

}  // namespace cli::usage
