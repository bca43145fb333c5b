#include "cli/completion_command.h"

#include <iostream>
#include <memory>

#include "base/file.h"
#include "cli/exit_code.h"
#include "cli/usage/completion.h"

namespace cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  source <(sluice completion bash)                                     in this shell
  sluice completion bash > ~/.local/share/bash-completion/completions/sluice
  sluice completion zsh > ~/.zfunc/_sluice                             a directory of $fpath
  sluice completion fish > ~/.config/fish/completions/sluice.fish

The scripts are made from the commands' definition, so that they know every command, option and
value that there is. A package or cmake --install puts them where shells look.

Exit codes: 0 printed or written, 2 wrong usage, 3 the file can't be written.)";

struct Flags {
  std::string shell;
  std::string file;
};

int print(const usage::Command& program, const Flags& flags) {
  const std::string script = flags.shell == "bash"   ? usage::bash_completion(program)
                             : flags.shell == "fish" ? usage::fish_completion(program)
                                                     : usage::zsh_completion(program);
  if (flags.file.empty()) {
    std::cout << script;
    return kOk;
  }
  const auto written = base::replace_file(flags.file, script, base::FileAccess::kAll);
  return written ? kOk : complain(written.error());
}

}  // namespace

void add_completion_command(Command app, const usage::Command& program, int& exit_code) {
  const Command command =
      app.add_subcommand("completion", "Print a script that completes sluice in a shell");
  const auto flags = std::make_shared<Flags>();
  command.add_option("SHELL", flags->shell, "whose").one_of({"bash", "fish", "zsh"}).required();
  command.add_option("--out", flags->file, "write it to this file instead").value_name("FILE");
  command.footer(kExamples);
  command.callback([flags, &program, &exit_code] { exit_code = print(program, *flags); });
}

}  // namespace cli
