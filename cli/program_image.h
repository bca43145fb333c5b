// The program that this process runs, to be started anew.
#pragma once

#include <string>
#include <vector>

namespace cli {

struct ProgramImage {
  // Where the program was started from: after an upgrade of the package, or of a symbolic link, the
  // new one is there.
  std::string path;
  std::vector<std::string> arguments;  // with argv[0]

  // Of this process; to be asked before it changes its directory.
  static ProgramImage running();
};

}  // namespace cli
