#include "cli/man_command.h"

#include <iostream>
#include <memory>

#include "base/file.h"
#include "base/version.h"
#include "cli/exit_code.h"
#include "cli/usage/manual.h"
#include "cli/usage/shell.h"

namespace cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  sluice man aks diff | man -l -
  sluice man --out man1                one page for each command

Exit codes: 0 printed or written, 2 wrong usage, 3 a file can't be written.)";

struct Flags {
  std::vector<std::string> words;
  std::string directory;
};

std::string page_of(const usage::Command& command) {
  return usage::manual_page(command, base::version(), base::commit_date());
}

int write_all(const usage::Command& program, const std::string& directory) {
  for (const usage::Command* each : usage::all_commands(program)) {
    const auto written = base::replace_file(directory + "/" + usage::page_name(*each) + ".1",
                                            page_of(*each), base::FileAccess::kAll);
    if (!written) return complain(written.error());
  }
  return kOk;
}

int print(const usage::Command& program, const std::vector<std::string>& words) {
  const usage::Command* command = &program;
  for (const std::string& word : words) {
    const usage::Command* below = command->find(word);
    if (below == nullptr) {
      const std::string near = usage::did_you_mean(word, command->names_below());
      return complain("there is no page about " + command->path() + " " + usage::quoted(word) +
                          (near.empty() ? "; see " : near + " See ") + command->path() + " --help",
                      kWrongUsage);
    }
    command = below;
  }
  std::cout << page_of(*command);
  return kOk;
}

}  // namespace

void add_man_command(Command app, const usage::Command& program, int& exit_code) {
  const Command command = app.add_subcommand("man", "Print a command's manual page");
  const auto flags = std::make_shared<Flags>();
  command.add_option("COMMAND", flags->words, "the command's words, without sluice");
  command.add_option("--out", flags->directory, "write all pages into this directory instead")
      .value_name("DIR");
  command.footer(kExamples);
  command.callback([flags, &program, &exit_code] {
    exit_code = flags->directory.empty() ? print(program, flags->words)
                                         : write_all(program, flags->directory);
  });
}

}  // namespace cli
