// How each form of `sluice aks render` runs: load, make the text, print findings, print the text.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/aks_render_input.h"

namespace cli {

// Makes a form's text and appends what it finds; nullopt when that includes an error.
using MakeText =
    std::function<std::optional<std::string>(const RenderInput&, std::vector<aks::Finding>&)>;

// Findings go to standard error, the text to standard output. Returns the exit code: 0, 2 when a
// finding is an error, 3 when a file can't be read.
int run_render(const RenderFlags& flags, const MakeText& make);

}  // namespace cli
