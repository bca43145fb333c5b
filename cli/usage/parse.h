// Reads a command line by the commands' definition.
#pragma once

#include <string>
#include <vector>

#include "cli/usage/definition.h"

namespace cli::usage {

// What a command line asks for.
struct Request {
  enum class Kind {
    kRun,   // `command` as its options now say
    kHelp,  // about `command`
    kVersion,
    kWrong,  // nothing; `problem` is a sentence that says why, and where help is
  };
  Kind kind = Kind::kRun;
  const Command* command = nullptr;  // the last one named
  std::string problem{};
};

// Hands values to the options of `program` as they come; `words` are the arguments without the
// program's own name. --help and --version win as soon as they are read. A program without a word
// is asked for its help.
Request parse(Command& program, const std::vector<std::string>& words);

}  // namespace cli::usage
