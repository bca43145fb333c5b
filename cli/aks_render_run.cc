#include "cli/aks_render_run.h"

#include <iostream>

#include "cli/exit_code.h"

namespace cli {
namespace {}  // namespace

int run_render(const RenderFlags& flags, const MakeText& make) {
  std::vector<aks::Finding> findings;
  const auto input = load_render_input(flags, findings);
  if (!input) return complain(input.error().detail, kEnvironmentTrouble);
  std::optional<std::string> text;
  if (input->has_value()) text = make(**input, findings);
  for (const aks::Finding& finding : findings) std::cerr << aks::to_string(finding) << "\n";
  if (!text || aks::has_errors(findings)) return kWrongUsage;
  std::cout << *text << std::flush;
  return std::cout ? kOk : kEnvironmentTrouble;
}

}  // namespace cli
