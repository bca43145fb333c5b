#include "cli/exit_code.h"

#include <iostream>

namespace cli {

int complain(const std::string& sentence, int exit_code) {
  std::cerr << "sluice: " << sentence << "\n";
  return exit_code;
}

int complain(const base::Error& error) {
  return complain(error.detail,
                  error.code == base::ErrorCode::kBadRequest ? kWrongUsage : kEnvironmentTrouble);
}

}  // namespace cli
