#include "cli/completion_command.h"

#include <iostream>
#include <memory>

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
value that there is. A package or cmake --install puts them where shells look.)";

}  // namespace

void add_completion_command(Command app, const usage::Command& program, int& exit_code) {
  const Command command =
      app.add_subcommand("completion", "Print a script that completes sluice in a shell");
  const auto shell = std::make_shared<std::string>();
  command.add_option("SHELL", *shell, "whose").one_of({"bash", "fish", "zsh"}).required();
  command.footer(kExamples);
  command.callback([shell, &program, &exit_code] {
    if (*shell == "bash") {
      std::cout << usage::bash_completion(program);
    } else if (*shell == "fish") {
      std::cout << usage::fish_completion(program);
    } else {
      std::cout << usage::zsh_completion(program);
    }
    exit_code = kOk;
  });
}

}  // namespace cli
