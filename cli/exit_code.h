// How every command ends: one set of exit codes, and one way to say what went wrong.
#pragma once

#include <string>

#include "base/error.h"

namespace cli {

inline constexpr int kOk = 0;
inline constexpr int kCheckFailed = 1;         // what was asked about is not as it must be
inline constexpr int kWrongUsage = 2;          // or a wrong configuration
inline constexpr int kEnvironmentTrouble = 3;  // files, sockets, output

// "sluice: SENTENCE" on standard error. Returns `exit_code`.
int complain(const std::string& sentence, int exit_code);

// The same with the error's own sentence; 2 for what the user wrote (kBadRequest), 3 for the rest.
int complain(const base::Error& error);

}  // namespace cli
