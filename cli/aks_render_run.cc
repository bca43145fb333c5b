#include "cli/aks_render_run.h"

#include <iostream>

namespace cli {
namespace {

constexpr int kExitOk = 0;
constexpr int kExitConfiguration = 2;
constexpr int kExitEnvironment = 3;

}  // namespace

int run_render(const RenderFlags& flags, const MakeText& make) {
  std::vector<aks::Finding> findings;
  const auto input = load_render_input(flags, findings);
  if (!input) {
    std::cerr << "sluice: " << input.error().detail << "\n";
    return kExitEnvironment;
  }
  std::optional<std::string> text;
  if (input->has_value()) text = make(**input, findings);
  for (const aks::Finding& finding : findings) std::cerr << aks::to_string(finding) << "\n";
  if (!text || aks::has_errors(findings)) return kExitConfiguration;
  std::cout << *text << std::flush;
  return std::cout ? kExitOk : kExitEnvironment;
}

}  // namespace cli
